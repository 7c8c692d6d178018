namespace MediaGateway.Testing.Bandwidth;

/// <summary>RTCP that a modelled viewer sends back besides NACKs and requests for key frames.</summary>
public enum ViewerFeedback
{
    /// <summary>Receiver reports every second.</summary>
    Reports,

    /// <summary>Receiver reports, and REMB every 210 ms, as browsers do where no transport-wide feedback was agreed on.</summary>
    Remb,

    /// <summary>
    /// Receiver reports, and transport-wide feedback; both of its lines are in the offer. The interval is that of the viewer.
    /// </summary>
    TransportWide,

    /// <summary>Nothing, neither NACKs nor requests for key frames.</summary>
    Nothing,
}
