namespace MediaGateway.Sfu.Data;

/// <summary>Names under which the receivers of a data packet see its sender, in UTF-8; the default is a hidden sender.</summary>
public readonly ref struct DataPacketSender(ReadOnlySpan<byte> sid, ReadOnlySpan<byte> identity)
{
    public ReadOnlySpan<byte> Sid { get; } = sid;

    public ReadOnlySpan<byte> Identity { get; } = identity;
}
