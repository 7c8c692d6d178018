using System.Collections.Immutable;
using System.Net;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Node;

/// <summary>Addresses that a worker binds, and those that it announces to its peers.</summary>
internal static class CandidateAddresses
{
    /// <summary>
    /// The addresses to bind. A wildcard stands for all of the machine's: a wildcard socket would answer from whichever
    /// address the kernel likes, and checks would fail.
    /// </summary>
    public static IReadOnlyList<IPAddress> ToBind(MediaOptions options)
    {
        IEnumerable<IPAddress> configured = options.BindAddresses.Select(IPAddress.Parse);
        bool all = options.BindAddresses.Count == 0 || configured.Any(IsWildcard);
        return all
            ? LocalAddressDiscovery.Discover(loopbackOnly: false)
            : [.. configured.Distinct()];
    }

    /// <summary>
    /// The candidate-attribute values for bound addresses: these themselves, or the announced ones on the same port where
    /// a 1:1 NAT stands before us.
    /// </summary>
    public static ImmutableArray<string> ToAnnounce(MediaOptions options, IReadOnlyList<TransportAddress> bound)
    {
        IEnumerable<TransportAddress> addresses = options.AnnouncedAddresses.Count == 0
            ? bound
            : options.AnnouncedAddresses.Select(address => TransportAddress.From(IPAddress.Parse(address), bound[0].Port));
        return [.. addresses.Select((address, index) => IceCandidate.Host(address, (ushort)(ushort.MaxValue - index)).ToString())];
    }

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
