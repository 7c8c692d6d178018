namespace MediaGateway.Rtc.Negotiation;

/// <summary>Why a well-formed description can't be used.</summary>
public enum NegotiationErrorCode
{
    /// <summary>The offer has no BUNDLE group, but everything has to run on one transport (RFC 9143).</summary>
    BundleRequired,

    /// <summary>The BUNDLE group names a section that is not there.</summary>
    InvalidBundle,
    DuplicateMid,
    RtcpMuxRequired,
    FingerprintRequired,
    IceCredentialsRequired,

    /// <summary>Both sides are ICE-lite: neither would send a check.</summary>
    FullIceRequired,
    InvalidSetup,

    /// <summary>One payload type stands for two codecs in the bundle.</summary>
    ConflictingPayloadType,

    /// <summary>One header extension id stands for two extensions in the bundle.</summary>
    ConflictingExtension,

    /// <summary>One SSRC is declared in two sections of the bundle.</summary>
    ConflictingSource,
    NoCommonCodec,

    /// <summary>The description has no section in which media would flow.</summary>
    NoMedia,

    /// <summary>An answer whose sections are not the offer's.</summary>
    MismatchedAnswer,

    /// <summary>A later description that asks for another DTLS association: other fingerprints, or the other role.</summary>
    TransportChanged,

    /// <summary>An ICE restart that does not change both the user name fragment and the password.</summary>
    IceNotRestarted,
}
