using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// A message on its way out. Ownership: <see cref="SctpSender"/> rents and returns its buffer, and uses the object again once
/// neither the queue nor an outstanding chunk refers to it.
/// </summary>
internal sealed class OutgoingMessage
{
    public DataChannel Channel { get; private set; } = null!;

    public PayloadProtocol Protocol { get; private set; }

    /// <summary>Rented; null once there is nothing more to send of it.</summary>
    public byte[]? Buffer { get; set; }

    public int Length { get; private set; }

    /// <summary>Bytes of this message that the application sees in the buffered amount.</summary>
    public int ApplicationLength => Protocol == PayloadProtocol.DataChannelControl ? 0 : Length;

    public bool IsUnordered { get; private set; }

    /// <summary>Transmissions after the first that a fragment may have.</summary>
    public uint MaxRetransmits { get; private set; }

    public MonotonicTime Expiry { get; private set; }

    /// <summary>Given when its first fragment leaves.</summary>
    public SequenceNumber StreamSequence { get; set; }

    /// <summary>TSN of the message's first fragment.</summary>
    public Tsn FirstTsn { get; set; }

    /// <summary>Fragments that have a TSN.</summary>
    public int Fragments { get; set; }

    /// <summary>Bytes that have a TSN.</summary>
    public int Assigned { get; set; }

    /// <summary>Outstanding chunks that refer to it, and one for its place in the queue.</summary>
    public int References { get; set; }

    public bool IsAbandoned { get; set; }

    public ReadOnlySpan<byte> Data => Buffer.AsSpan(0, Length);

    public void Reset(DataChannel channel, PayloadProtocol protocol, byte[] buffer, int length, bool isUnordered, uint maxRetransmits,
        MonotonicTime expiry)
    {
        Channel = channel;
        Protocol = protocol;
        Buffer = buffer;
        Length = length;
        IsUnordered = isUnordered;
        MaxRetransmits = maxRetransmits;
        Expiry = expiry;
        StreamSequence = default;
        FirstTsn = default;
        Fragments = Assigned = 0;
        References = 1;
        IsAbandoned = false;
    }
}
