using System.Collections.Immutable;
using System.Net;
using MediaGateway.Platform.Clock;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Clients;

/// <summary>Settings that all clients of a run share.</summary>
internal sealed record PeerSetup(IDtlsContext Dtls, IEntropy Entropy, MonotonicClock Clock)
{
    /// <summary>SRTP profiles offered; one alone leaves the server no choice, and all servers the same work.</summary>
    public ImmutableArray<SrtpProfile> Profiles { get; init; } = [SrtpProfile.AeadAes128Gcm];

    /// <summary>
    /// True when simulcast encodings are offered the highest first: Janus takes the first for that, and LiveKit's clients begin with the
    /// lowest.
    /// </summary>
    public bool OffersHighestFirst { get; init; }

    /// <summary>The local address that the clients' sockets are bound to; the server must be able to reach it.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Counters of what the clients dropped.</summary>
    public DropCounters Drops { get; } = new();
}
