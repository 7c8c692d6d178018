namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>How a client's next resume is to fail, at its own wish.</summary>
internal enum SignalInterruption
{
    None,
    BeforeMessages,
    AfterMessages,
}
