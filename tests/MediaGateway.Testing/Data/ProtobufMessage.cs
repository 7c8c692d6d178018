using System.Text;

namespace MediaGateway.Testing.Data;

/// <summary>A protobuf encoder by hand, which also writes what no proper encoder would.</summary>
public sealed class ProtobufMessage
{
    private readonly List<byte> _bytes = [];

    public ProtobufMessage Varint(int number, ulong value)
    {
        AddVarint(((ulong)number << 3) | 0);
        AddVarint(value);
        return this;
    }

    public ProtobufMessage Fixed32(int number, uint value)
    {
        AddVarint(((ulong)number << 3) | 5);
        return Raw(BitConverter.GetBytes(value));
    }

    public ProtobufMessage Fixed64(int number, ulong value)
    {
        AddVarint(((ulong)number << 3) | 1);
        return Raw(BitConverter.GetBytes(value));
    }

    public ProtobufMessage Text(int number, string value) => Bytes(number, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Message(int number, ProtobufMessage value) => Bytes(number, value.ToArray());

    public ProtobufMessage Bytes(int number, params ReadOnlySpan<byte> value)
    {
        AddVarint(((ulong)number << 3) | 2);
        AddVarint((ulong)value.Length);
        return Raw(value);
    }

    public ProtobufMessage Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    private void AddVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
