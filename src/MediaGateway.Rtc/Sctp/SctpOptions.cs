namespace MediaGateway.Rtc.Sctp;

/// <summary>Settings of one association. The defaults are the gateway's.</summary>
public sealed record SctpOptions
{
    public ushort LocalPort { get; init; } = 5000;

    public ushort RemotePort { get; init; } = 5000;

    /// <summary>The DTLS client opens channels on even stream ids, the server on odd ones (RFC 8832 section 6).</summary>
    public required bool IsDtlsClient { get; init; }

    /// <summary>
    /// Longest SCTP packet, bytes, a multiple of 4. With the 37 bytes of a DTLS record and the headers of UDP and IPv6 it
    /// fits the 1,280 bytes that every IPv6 path carries.
    /// </summary>
    public int MaxPacket { get; init; } = 1188;

    /// <summary>Longest message that we accept, bytes; a longer one ends the association.</summary>
    public int MaxMessageSize { get; init; } = 262_144;

    /// <summary>Longest message that the remote accepts, bytes (RFC 8841 section 6).</summary>
    public int RemoteMaxMessageSize { get; init; } = 65_536;

    /// <summary>Bytes that may wait for missing pieces; larger than <see cref="MaxMessageSize"/>.</summary>
    public int ReceiveWindow { get; init; } = 1 << 20;

    /// <summary>Bytes that may wait for transmission or acknowledgement in all channels together.</summary>
    public int SendBufferLimit { get; init; } = 2 << 20;

    /// <summary>Streams in each direction; ids are below it.</summary>
    public ushort MaxStreams { get; init; } = 1024;

    /// <summary>Channels at a time, whoever opened them.</summary>
    public int MaxChannels { get; init; } = 256;

    /// <summary>
    /// Shortest retransmission timeout. RFC 9260 section 16 recommends 1 s; behind ICE and DTLS the round trip is that of
    /// a call, and this is above the longest delay of a SACK that WebRTC peers use, 200 ms.
    /// </summary>
    public TimeSpan MinRetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Retransmission timeout until a round trip has been measured.</summary>
    public TimeSpan InitialRetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan MaxRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Timeouts in a row, without an acknowledgement between them, after which the association ends.</summary>
    public int MaxRetransmissions { get; init; } = 10;

    /// <summary>Time for which the SACK of a single packet is delayed (RFC 9260 section 6.2: at most 500 ms).</summary>
    public TimeSpan SackDelay { get; init; } = TimeSpan.FromMilliseconds(50);
}
