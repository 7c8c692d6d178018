using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Telemetry;

/// <summary>Tests of what the framework may say: each event once in a while, and how often it was not said.</summary>
public sealed class ThrottledLoggerProviderTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Event_of_the_framework_is_said_once_in_its_interval_with_the_number_of_those_that_were_not()
    {
        ILogger logger = Create("Microsoft.AspNetCore.Server.Kestrel.Http2");
        for (int i = 0; i < 1000; i++)
            Say(logger, 65, "too much");
        Assert.Equal(["too much"], _lines);

        _clock.Advance(ThrottledLoggerProvider.Interval);
        Say(logger, 65, "too much");

        Assert.Equal(["too much", "too much (999 more like this before)"], _lines);
    }

    [Fact]
    public void Events_are_apart_from_each_other()
    {
        ILogger logger = Create("Microsoft.AspNetCore.Server.Kestrel");
        Say(logger, 1, "one");
        Say(logger, 2, "two");
        Say(Create("Microsoft.Extensions.Hosting"), 1, "of another part");

        Assert.Equal(["one", "two", "of another part"], _lines);
    }

    [Fact]
    public void Lines_of_the_gateway_all_pass()
    {
        ILogger logger = Create("MediaGateway.Server.Node.WorkerPool");
        Say(logger, 102, "Peer connected");
        Say(logger, 102, "Peer connected");

        Assert.Equal(2, _lines.Count);
    }

    private static void Say(ILogger logger, int id, string text) =>
        logger.Log(LogLevel.Warning, new EventId(id), text, null, static (said, _) => said);

    private ILogger Create(string category) => new ThrottledLoggerProvider(new Recorder(_lines), _clock).CreateLogger(category);

    private sealed class Recorder(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
