namespace MediaGateway.Rtc.Sctp;

/// <summary>Parameters that the side that opens a channel chooses (RFC 8832 section 5.1).</summary>
public sealed record DataChannelParameters
{
    /// <summary>Longest label or protocol, bytes of UTF-8.</summary>
    public const int MaxTextLength = 256;

    public required string Label { get; init; }

    /// <summary>Subprotocol; empty for none. At most <see cref="MaxTextLength"/> bytes of UTF-8.</summary>
    public string Protocol { get; init; } = "";

    public bool IsOrdered { get; init; } = true;

    /// <summary>
    /// Greatest number of retransmissions of a message; null for as many as needed. It excludes <see cref="MaxLifetime"/>.
    /// </summary>
    public uint? MaxRetransmits { get; init; }

    /// <summary>Time for which a message is transmitted or retransmitted, in whole milliseconds; null for as long as needed.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>RFC 8831 section 6.4; kept, but all channels are served in turn.</summary>
    public ushort Priority { get; init; } = 256;
}
