namespace MediaGateway.Platform.Dtls;

/// <summary>The clock that decides when a lost flight is sent again.</summary>
internal enum DtlsClock
{
    /// <summary>
    /// The caller's clock. Only OpenSSL 3.0.x can be made to follow it: it hands the BIO a pointer to its live deadline, which is
    /// set far away and pulled into the past when the caller's clock says that it is due.
    /// </summary>
    Caller,

    /// <summary>
    /// libssl's clock, which is the wall clock, asked for the time left after each call. From 3.2 on the BIO gets a copy of
    /// the deadline, so this is what remains. Virtual time does not reach retransmission then; the rest obeys it.
    /// </summary>
    Library,
}
