using System.Globalization;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Floor;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Servers;

namespace MediaGateway.LoadTester.Targets;

/// <summary>The floor: this program once more, as <see cref="FloorProcess"/>. One stream or room, whatever its name.</summary>
internal sealed class FloorTarget : ILoadTarget
{
    public const string Command = "floor-process";

    private readonly ServerProcess _process;
    private readonly int _port;

    private FloorTarget(ServerProcess process, int port, string name)
    {
        _process = process;
        _port = port;
        Name = name;
    }

    public string Name { get; }

    public int ProcessId => _process.Id;

    public bool IsManaged => true;

    public static async Task<FloorTarget> StartAsync(bool isSegmenting, CancellationToken cancellation)
    {
        ServerProcess process = ServerProcess.Start(Environment.ProcessPath!, isSegmenting ? [Command, FloorProcess.Segmented]
            : [Command], new Dictionary<string, string>());
        int port = 0;
        await process.WaitUntilAsync(() =>
            Task.FromResult(int.TryParse(process.Log, CultureInfo.InvariantCulture, out port)), cancellation);
        return new FloorTarget(process, port, isSegmenting ? "floor" : "floor, one by one");
    }

    /// <summary>Empty: the floor writes nothing but its port.</summary>
    public string Log => "";

    public Task<ServerState?> ReadStateAsync(CancellationToken cancellation) => Task.FromResult<ServerState?>(null);

    public Task<IPublisher> PublishAsync(string stream, IReadOnlyList<PublishedTrack> tracks, CancellationToken cancellation) =>
        Task.FromResult<IPublisher>(new FloorPublisher(_port, tracks));

    public async Task<IViewer> JoinAsync(Attendance attendance, ViewerMeasures measures, bool isCounting, CancellationToken cancellation)
    {
        var viewer = new FloorViewer(attendance.Codecs, attendance.Sends, measures, isCounting);
        await _process.WriteLineAsync(viewer.Introduction);
        return attendance.Sends.Count == 0 ? viewer : new FloorParticipant(new FloorPublisher(_port, attendance.Sends), viewer);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
