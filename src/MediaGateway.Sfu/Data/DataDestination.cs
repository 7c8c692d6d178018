namespace MediaGateway.Sfu.Data;

/// <summary>A participant that a data packet is for, named by the sender in UTF-8; borrows the packet.</summary>
public readonly ref struct DataDestination(bool isSid, ReadOnlySpan<byte> name)
{
    /// <summary>True when <see cref="Name"/> is a participant's sid; else it is an identity.</summary>
    public bool IsSid { get; } = isSid;

    public ReadOnlySpan<byte> Name { get; } = name;
}
