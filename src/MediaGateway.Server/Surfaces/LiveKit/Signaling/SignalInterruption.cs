namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>The way in which a client wants its next resume to fail, to test itself.</summary>
internal enum SignalInterruption
{
    None,
    BeforeMessages,
    AfterMessages,
}
