namespace MediaGateway.Rtc.Sctp;

internal enum SentChunkState : byte
{
    /// <summary>The chunk is on its way, as far as we know.</summary>
    InFlight,

    /// <summary>The chunk is lost and is to be sent again.</summary>
    Lost,

    /// <summary>Acknowledged by a gap block, which the remote may take back (RFC 9260 section 6.2).</summary>
    Acked,

    /// <summary>Given up; FORWARD TSN will take the remote past it.</summary>
    Abandoned,
}
