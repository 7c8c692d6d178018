namespace MediaGateway.Rtc.Sctp;

internal enum SentChunkState : byte
{
    /// <summary>On its way, as far as we know.</summary>
    InFlight,

    /// <summary>To be sent again.</summary>
    Lost,

    /// <summary>Acknowledged by a gap block, which the remote may take back (RFC 9260 section 6.2).</summary>
    Acked,

    /// <summary>Given up; FORWARD TSN will take the remote past it.</summary>
    Abandoned,
}
