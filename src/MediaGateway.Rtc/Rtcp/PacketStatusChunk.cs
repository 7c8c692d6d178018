namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// A run-length chunk or a status vector chunk of one-bit or two-bit symbols
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 sections 3.1.3 and 3.1.4).
/// </summary>
internal readonly struct PacketStatusChunk(ushort bits)
{
    public const int Length = 2;
    public const int OneBitCapacity = 14;
    public const int TwoBitCapacity = 7;
    public const int LongestRun = 0x1FFF;

    private const int VectorFlag = 0x8000;
    private const int TwoBitFlag = 0x4000;

    public ushort Bits { get; } = bits;

    public bool IsRun => (Bits & VectorFlag) == 0;

    /// <summary>Packets that the chunk speaks for; 0-8191.</summary>
    public int Capacity => IsRun ? Bits & LongestRun : IsTwoBit ? TwoBitCapacity : OneBitCapacity;

    private bool IsTwoBit => (Bits & TwoBitFlag) != 0;

    /// <summary>The symbol of the packet at <paramref name="index"/>, below <see cref="Capacity"/>.</summary>
    public PacketStatus this[int index] => (PacketStatus)(
        IsRun ? Bits >> 13 & 3
        : IsTwoBit ? Bits >> (12 - 2 * index) & 3
        : Bits >> (13 - index) & 1);

    public static PacketStatusChunk Run(PacketStatus status, int length) => new((ushort)((int)status << 13 | length));

    /// <param name="symbols">Two bits a symbol, the first one lowest, of which the upper bit is 0.</param>
    public static PacketStatusChunk OneBitVector(uint symbols)
    {
        int bits = VectorFlag;
        for (int i = 0; i < OneBitCapacity; i++)
            bits |= (int)(symbols >> (2 * i) & 1) << (13 - i);
        return new PacketStatusChunk((ushort)bits);
    }

    /// <param name="symbols">Two bits a symbol, the first one lowest.</param>
    public static PacketStatusChunk TwoBitVector(uint symbols)
    {
        int bits = VectorFlag | TwoBitFlag;
        for (int i = 0; i < TwoBitCapacity; i++)
            bits |= (int)(symbols >> (2 * i) & 3) << (12 - 2 * i);
        return new PacketStatusChunk((ushort)bits);
    }
}
