using System.Globalization;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Servers;
using MediaGateway.LoadTester.Targets;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary>The targets that can be named on the command line.</summary>
internal static class TargetNames
{
    public const string Gateway = "gateway";
    public const string Floor = "floor";
    public const string FloorOneByOne = "floor-one-by-one";

    public static readonly IReadOnlyList<string> All = [Gateway, Floor, FloorOneByOne];

    /// <param name="name">One of <see cref="All"/>; <c>gateway-N</c> has N workers.</param>
    /// <param name="gateway">The gateway's executable.</param>
    /// <param name="settings">Further settings of the gateway.</param>
    /// <param name="setup">What the clients share.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is no such target, or it did not start.</exception>
    public static async Task<ILoadTarget> StartAsync(
        string name, string gateway, IReadOnlyDictionary<string, string> settings, PeerSetup setup, CancellationToken cancellation)
    {
        switch (name)
        {
            case Floor:
                return await FloorTarget.StartAsync(isSegmenting: true, cancellation);
            case FloorOneByOne:
                return await FloorTarget.StartAsync(isSegmenting: false, cancellation);
            case Gateway:
                return new PeerTarget(await GatewayServer.StartAsync(gateway, name, settings, cancellation), setup);
            default:
                break;
        }
        if (name.StartsWith(Gateway + "-", StringComparison.Ordinal) && int.TryParse(name.AsSpan(Gateway.Length + 1), CultureInfo.InvariantCulture, out int workers))
        {
            var withWorkers = new Dictionary<string, string>(settings) { ["Media:Workers"] = workers.ToString(CultureInfo.InvariantCulture) };
            return new PeerTarget(await GatewayServer.StartAsync(gateway, name, withWorkers, cancellation), setup);
        }
        throw new InvalidOperationException($"There is no target '{name}'; take one of {string.Join(", ", All)}.");
    }
}
