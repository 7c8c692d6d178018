using System.Buffers.Binary;

namespace MediaGateway.Fuzz.Running;

/// <summary>
/// Seeded damage to inputs: bits, bytes, numbers at their limits, lengths that lie, blocks inserted, deleted,
/// duplicated and moved, two inputs spliced, cuts. The same seed makes the same inputs.
/// </summary>
/// <param name="inputs">What to start from; must not be empty.</param>
/// <param name="seed">All chance comes from it.</param>
public sealed class Mutator(IReadOnlyList<byte[]> inputs, int seed)
{
    private const int MaxEdits = 6;
    private const int MaxBlock = 64;

    private static readonly byte[] Bytes = [0, 1, 2, 3, 0x0F, 0x10, 0x3F, 0x40, 0x7F, 0x80, 0xBE, 0xDE, 0xFE, 0xFF];
    private static readonly ushort[] Shorts = [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x3FF, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF];
    private static readonly uint[] Words = [0, 1, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF];

    private readonly Random _random = new(seed);
    private readonly int _maxLength = Math.Max(4096, inputs.Max(input => input.Length) * 2);

    public byte[] Next()
    {
        byte[] input = [.. Pick()];
        for (int edits = _random.Next(1, MaxEdits + 1); edits > 0; edits--)
            input = Edit(input);
        return input.Length > _maxLength ? input[.._maxLength] : input;
    }

    private byte[] Edit(byte[] input)
    {
        switch (_random.Next(13))
        {
            case 0 or 1:
                return Change(input, 1, at => at[0] ^= (byte)(1 << _random.Next(8)));
            case 2:
                return Change(input, 1, at => at[0] = (byte)_random.Next(256));
            case 3:
                return Change(input, 1, at => at[0] = Bytes[_random.Next(Bytes.Length)]);
            case 4:
                return Change(input, 2, at => BinaryPrimitives.WriteUInt16BigEndian(at, Shorts[_random.Next(Shorts.Length)]));
            case 5:
                return Change(input, 4, at => BinaryPrimitives.WriteUInt32BigEndian(at, Words[_random.Next(Words.Length)]));
            case 6:
                return Change(input, 1, at => at[0] = (byte)LyingLength(at.Length - 1));
            case 7:
                return Change(input, 2, at => BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)LyingLength(at.Length - 2)));
            case 8:
                return Insert(input, RandomBlock());
            case 9:
                return Insert(input, Block(input));
            case 10:
                return Insert(input, Block(Pick()));
            case 11:
                return Delete(input);
            default:
                return _random.Next(2) == 0 ? Splice(input, Pick()) : input[.._random.Next(input.Length + 1)];
        }
    }

    private byte[] Pick() => inputs[_random.Next(inputs.Count)];

    /// <summary>Changes the bytes at some place that has at least so many behind it.</summary>
    private byte[] Change(byte[] input, int length, SpanAction change)
    {
        if (input.Length >= length)
            change(input.AsSpan(_random.Next(input.Length - length + 1)));
        return input;
    }

    /// <summary>A length that is nearly that of what follows, in bytes or in words of 32 bits.</summary>
    private int LyingLength(int following) => Math.Max(0, (_random.Next(2) == 0 ? following : following / 4) + _random.Next(-2, 3));

    private byte[] RandomBlock()
    {
        byte[] block = new byte[_random.Next(1, MaxBlock)];
        if (_random.Next(2) == 0)
            _random.NextBytes(block);
        else
            Array.Fill(block, Bytes[_random.Next(Bytes.Length)]);
        return block;
    }

    private byte[] Block(byte[] from)
    {
        int start = _random.Next(from.Length + 1);
        return from[start..Math.Min(from.Length, start + _random.Next(1, MaxBlock))];
    }

    private byte[] Insert(byte[] input, byte[] block)
    {
        int at = _random.Next(input.Length + 1);
        return [.. input[..at], .. block, .. input[at..]];
    }

    private byte[] Delete(byte[] input)
    {
        int start = _random.Next(input.Length + 1);
        return [.. input[..start], .. input[Math.Min(input.Length, start + _random.Next(1, MaxBlock))..]];
    }

    private byte[] Splice(byte[] head, byte[] tail) => [.. head[.._random.Next(head.Length + 1)], .. tail[_random.Next(tail.Length + 1)..]];

    private delegate void SpanAction(Span<byte> bytes);
}
