namespace MediaGateway.Rtc.Bandwidth;

/// <summary>Kind of feedback that tells what the way to a remote carries; the later ones tell more.</summary>
public enum FeedbackKind
{
    /// <summary>Nothing: the remote sends no feedback, or nothing is sent to it.</summary>
    None,

    /// <summary>Loss and round trips from reports (RFC 3550 section 6.4).</summary>
    ReceiverReports,

    /// <summary>The receiver's own estimate (draft-alvestrand-rmcat-remb-03).</summary>
    Remb,

    /// <summary>Arrival of each packet (draft-holmer-rmcat-transport-wide-cc-extensions-01).</summary>
    TransportWide,
}
