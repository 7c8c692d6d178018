namespace MediaGateway.Rtc.Dtls;

public enum DtlsState
{
    New,
    Handshaking,
    Connected,
    Closed,
    Failed,
}
