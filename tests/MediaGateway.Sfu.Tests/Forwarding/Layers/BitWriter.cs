namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

internal sealed class BitWriter
{
    private readonly List<bool> _bits = [];

    public void Write(int value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
            _bits.Add((value >> i & 1) != 0);
    }

    /// <summary>ns(n) of the AV1 specification.</summary>
    public void WriteNonSymmetric(int value, int range)
    {
        int width = 32 - int.LeadingZeroCount(range);
        int shortValues = (1 << width) - range;
        if (value < shortValues)
            Write(value, width - 1);
        else
            Write(value + shortValues, width);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[(_bits.Count + 7) / 8];
        for (int i = 0; i < _bits.Count; i++)
            bytes[i / 8] |= (byte)(_bits[i] ? 0x80 >> i % 8 : 0);
        return bytes;
    }
}
