using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Reports;
using MediaGateway.LoadTester.Scenarios;
using MediaGateway.LoadTester.Targets;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;
using Spectre.Console;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary>Starts targets and runs scenarios against them. Ownership: owns the clients' certificate.</summary>
internal sealed class TestBench : IDisposable
{
    private readonly MonotonicClock _clock = new();
    private readonly OpenSslDtlsContext _dtls = new(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
    private readonly string _gateway;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly LoopSettings _loops;
    private readonly IAnsiConsole _messages;

    /// <param name="gateway">The gateway's executable.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="loops">The clients' threads.</param>
    /// <param name="messages">Where progress goes.</param>
    public TestBench(string gateway, IReadOnlyDictionary<string, string> settings, LoopSettings loops, IAnsiConsole messages)
    {
        _gateway = gateway;
        _settings = settings;
        _loops = loops;
        _messages = messages;
        Setup = new PeerSetup(_dtls, new SystemEntropy(), _clock);
    }

    private PeerSetup Setup { get; }

    /// <summary>Starts the target, runs the scenario, and ends the target.</summary>
    public async Task<RunResult> RunAsync(string target, Scenario scenario, CancellationToken cancellation)
    {
        await using ILoadTarget started = await TargetNames.StartAsync(target, scenario.Kind, _gateway, _settings, Setup, cancellation);
        var progress = new ConsoleProgress(_messages, $"{scenario.Name}, {started.Name}");
        return await new LoadRun(started, scenario, _clock, _loops, progress).RunAsync(cancellation);
    }

    public void Dispose() => _dtls.Dispose();
}
