using System.Globalization;
using System.Net;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Scenarios;
using MediaGateway.LoadTester.Servers;
using MediaGateway.LoadTester.Targets;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary>The targets that can be named on the command line.</summary>
internal static class TargetNames
{
    public const string Gateway = "gateway";
    public const string Floor = "floor";
    public const string FloorOneByOne = "floor-one-by-one";

    public const string Janus = "janus";

    public static readonly IReadOnlyList<string> All = [Gateway, Floor, FloorOneByOne, Janus];

    /// <param name="name">One of <see cref="All"/>; <c>gateway-N</c> has N workers, <c>janus-N</c> N event loops.</param>
    /// <param name="kind">What it is to serve.</param>
    /// <param name="gateway">The gateway's executable.</param>
    /// <param name="settings">Further settings of the gateway.</param>
    /// <param name="setup">What the clients share.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is no such target, or it did not start.</exception>
    public static async Task<ILoadTarget> StartAsync(
        string name, ScenarioKind kind, string gateway, IReadOnlyDictionary<string, string> settings, PeerSetup setup,
        CancellationToken cancellation)
    {
        switch (name)
        {
            case Floor:
                return await FloorTarget.StartAsync(isSegmenting: true, cancellation);
            case FloorOneByOne:
                return await FloorTarget.StartAsync(isSegmenting: false, cancellation);
            case Gateway:
                return OfGateway(await GatewayServer.StartAsync(gateway, name, settings, cancellation), kind, setup);
            case Janus:
                return await StartJanusAsync(eventLoops: null, setup, cancellation);
            default:
                break;
        }
        if (TryReadCount(name, Janus, out int loops))
            return await StartJanusAsync(loops, setup, cancellation);
        if (TryReadCount(name, Gateway, out int workers))
        {
            var withWorkers = new Dictionary<string, string>(settings)
            { ["Media:Workers"] = workers.ToString(CultureInfo.InvariantCulture) };
            return OfGateway(await GatewayServer.StartAsync(gateway, name, withWorkers, cancellation), kind, setup);
        }
        throw new InvalidOperationException($"There is no target '{name}'; take one of {string.Join(", ", All)}.");
    }

    private static ILoadTarget OfGateway(GatewayServer server, ScenarioKind kind, PeerSetup setup) =>
        kind == ScenarioKind.Livestream ? new PeerTarget(server, setup) : new RoomTarget(server, setup);

    private static bool TryReadCount(string name, string prefix, out int count)
    {
        count = 0;
        return name.StartsWith(prefix + "-", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(prefix.Length + 1), CultureInfo.InvariantCulture, out count);
    }

    private static async Task<ILoadTarget> StartJanusAsync(int? eventLoops, PeerSetup setup, CancellationToken cancellation)
    {
        IPAddress address = LocalAddresses.OffLoopback();
        return new PeerTarget(await JanusServer.StartAsync(new JanusOptions { MediaAddress = address, EventLoops = eventLoops },
            cancellation), setup with { Address = address, OffersHighestFirst = true });
    }
}
