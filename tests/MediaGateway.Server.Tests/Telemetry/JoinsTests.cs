using System.Diagnostics;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MediaGateway.Server.Tests.Telemetry;

/// <summary>Joins as spans.</summary>
public sealed class JoinsTests : IAsyncLifetime, IDisposable
{
    private readonly List<Activity> _ended = [];
    private TestGateway _gateway = null!;
    private ActivityListener _listener = null!;

    private Joins Joins => _gateway.App.Services.GetRequiredService<Joins>();

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        // It is asked of every source that anybody in this process makes, as each gateway of another test does: it must not ask for Joins
        // then, whose gateway may be gone.
        ActivitySource own = Joins.Source;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == own,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public async Task DisposeAsync()
    {
        Dispose();
        await _gateway.DisposeAsync();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Join_has_a_span_for_each_phase_within_its_own()
    {
        Join join = Joins.Begin("whip", Joins.Now);
        join.Enter("answer");
        join.Enter("connect");
        join.Connected();
        join.Failed("too late");

        Assert.Equal(["admit", "answer", "connect", "join whip"], _ended.Select(span => span.OperationName));
        Activity whole = _ended[^1];
        Assert.Equal(ActivityStatusCode.Ok, whole.Status);
        Assert.All(_ended[..^1], phase => Assert.Equal(whole.SpanId, phase.ParentSpanId));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Join_that_fails_says_why()
    {
        Join join = Joins.Begin("whep", Joins.Now);
        join.Enter("connect");
        join.Failed("IceTimeout");

        Assert.All(_ended[1..], span => Assert.Equal((ActivityStatusCode.Error, "IceTimeout"), (span.Status, span.StatusDescription)));
    }

    [Fact]
    public void Join_by_a_socket_is_a_trace_of_its_own_or_part_of_the_clients()
    {
        using Activity? request = Joins.Source.StartActivity("request");
        Joins.Begin("meeting", Joins.Now, new HeaderDictionary()).Connected();
        HeaderDictionary headers = new() { ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        Joins.Begin("meeting", Joins.Now, headers).Connected();

        Activity[] joins = [.. _ended.Where(span => span.OperationName == "join meeting")];
        Assert.Equal(default, joins[0].ParentSpanId);
        Assert.NotEqual(request!.TraceId, joins[0].TraceId);
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"),
            (joins[1].TraceId.ToString(), joins[1].ParentSpanId.ToString()));
        Assert.Same(request, Activity.Current);
    }
}
