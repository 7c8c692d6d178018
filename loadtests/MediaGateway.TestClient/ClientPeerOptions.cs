using System.Collections.Immutable;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.TestClient;

/// <summary>Settings of a <see cref="ClientPeer"/>.</summary>
public sealed record ClientPeerOptions
{
    /// <summary>
    /// ICE at the pace of a browser (libwebrtc): an unanswered check is sent again after 50 ms, and a path that works is checked
    /// every 2.5 s, where RFC 8445 and RFC 7675 would wait for 500 ms and 5 s.
    /// </summary>
    public static readonly IceOptions BrowserIce = IceOptions.Default with
    {
        RetransmissionTimeout = TimeSpan.FromMilliseconds(50),
        ConsentInterval = TimeSpan.FromSeconds(2.5),
        ConsentTransmissions = 6,
    };

    /// <summary>ICE of a client whose socket reaches one address: there is nothing to choose from, so the first check nominates.</summary>
    public static readonly IceOptions OnePathIce = BrowserIce with { MaxPairs = 1, NominatesFirst = true };

    /// <summary>The clock that sender reports are stamped by.</summary>
    public required NtpClock Clock { get; init; }

    /// <summary>The canonical name in RTCP (RFC 7022).</summary>
    public string CanonicalName { get; init; } = "test";

    public IceOptions Ice { get; init; } = BrowserIce;

    public DtlsOptions Dtls { get; init; } = DtlsOptions.Default;

    /// <summary>
    /// The host candidates to name in descriptions, of sockets 0, 1 and so on; none lets the gateway learn the address from checks.
    /// </summary>
    public ImmutableArray<IceCandidate> Candidates { get; init; } = [];

    /// <summary>Makes it the lite end, which answers checks and sends none: tests use it for the gateway's end of a call.</summary>
    public bool IsLite { get; init; }

    /// <summary>True to estimate what the way to the other end carries, as the gateway's end of a call does.</summary>
    public bool EstimatesBandwidth { get; init; }

    /// <summary>Time between two reports of transport-wide feedback; null for the gateway's own.</summary>
    public TimeSpan? FeedbackInterval { get; init; }

    /// <summary>The name of the section for data channels that its offers begin with; null for none.</summary>
    public Mid? Data { get; init; }
}
