namespace MediaGateway.Rtc.Sctp;

public enum DataMessageKind
{
    Binary,

    /// <summary>UTF-8 by RFC 8831 section 6.6; not checked on the way through.</summary>
    Text,
}
