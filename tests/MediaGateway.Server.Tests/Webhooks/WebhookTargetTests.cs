using System.Net;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Server.Surfaces.LiveKit.Webhooks;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Server.Twirp.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaGateway.Server.Tests.Webhooks;

public sealed class WebhookTargetTests : IDisposable
{
    private static readonly ApiKeys Keys =
        new(new AuthOptions { Keys = new Dictionary<string, Secret> { [TestGateway.Key] = new(TestGateway.Secret) } });

    private readonly RecordedCounts _counts = RecordedCounts.Create();

    [Fact]
    public async Task What_cannot_wait_is_counted_in_the_next_that_is_told()
    {
        var receiver = new Receiver(_ => HttpStatusCode.OK);
        WebhookTarget target = Create(receiver, maxQueued: 2);
        for (int i = 0; i < 5; i++)
            target.Enqueue(new WebhookEvent { Event = $"e{i}" });
        target.Complete();
        await target.RunAsync(CancellationToken.None);

        Assert.Equal([("e0", 3), ("e1", 0)], receiver.Taken.Select(message => (message.Event, message.NumDropped)));
        Assert.Equal(3, _counts["mediagateway.webhooks.dropped"]);
    }

    [Fact]
    public async Task Event_that_a_bug_kept_from_being_sent_is_counted_and_the_next_one_is_sent()
    {
        var receiver = new Receiver(message => message.Event == "bad" ? throw new InvalidOperationException("a bug") : HttpStatusCode.OK);
        WebhookTarget target = Create(receiver, maxQueued: 10);
        target.Enqueue(new WebhookEvent { Event = "bad" });
        target.Enqueue(new WebhookEvent { Event = "good" });
        target.Complete();
        await Assert.ThrowsAsync<InvalidOperationException>(() => target.RunAsync(CancellationToken.None));
        await target.RunAsync(CancellationToken.None);

        Assert.Equal([("good", 1)], receiver.Taken.Select(message => (message.Event, message.NumDropped)));
        Assert.Equal(1, _counts["mediagateway.webhooks.dropped"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, 1)]
    [InlineData(HttpStatusCode.NotFound, 1)]
    [InlineData(HttpStatusCode.TooManyRequests, WebhookTarget.MaxAttempts)]
    [InlineData(HttpStatusCode.InternalServerError, WebhookTarget.MaxAttempts)]
    [InlineData(HttpStatusCode.Found, WebhookTarget.MaxAttempts)]
    public async Task Event_that_is_never_taken_is_given_up_and_the_next_says_so(HttpStatusCode refusal, int attempts)
    {
        var clock = new ManualClock();
        var receiver = new Receiver(message => message.Event == "bad" ? refusal : HttpStatusCode.OK);
        WebhookTarget target = Create(receiver, maxQueued: 10, clock);
        target.Enqueue(new WebhookEvent { Event = "bad" });
        target.Enqueue(new WebhookEvent { Event = "good" });
        target.Complete();
        Task running = target.RunAsync(CancellationToken.None);
        while (!running.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await running;

        Assert.Equal(attempts, receiver.Asked.Count(message => message.Event == "bad"));
        Assert.Equal([("good", 1)], receiver.Taken.Select(message => (message.Event, message.NumDropped)));
        Assert.Single(receiver.Asked.Where(message => message.Event == "bad").Select(message => message.Id).Distinct());
    }

    [Fact]
    public async Task Receiver_that_cannot_be_reached_is_tried_again()
    {
        var clock = new ManualClock();
        int failures = 3;
        var receiver = new Receiver(_ => failures-- > 0 ? throw new HttpRequestException("no route") : HttpStatusCode.NoContent);
        WebhookTarget target = Create(receiver, maxQueued: 10, clock);
        target.Enqueue(new WebhookEvent { Event = "one" });
        target.Complete();
        Task running = target.RunAsync(CancellationToken.None);
        while (!running.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await running;

        Assert.Equal(4, receiver.Asked.Count);
        Assert.Equal("one", Assert.Single(receiver.Taken).Event);
    }

    public void Dispose() => _counts.Dispose();

    private WebhookTarget Create(Receiver receiver, int maxQueued, TimeProvider? clock = null) => new(
        new Uri("http://receiver.test/"),
        maxQueued,
        new WebhookSender(new HttpClient(receiver), Keys, TestGateway.Key, clock ?? TimeProvider.System),
        new WebhookMetrics(_counts.Factory),
        clock ?? TimeProvider.System,
        NullLogger.Instance);

    private sealed class Receiver(Func<WebhookEvent, HttpStatusCode> answer) : HttpMessageHandler
    {
        public List<WebhookEvent> Asked { get; } = [];

        public List<WebhookEvent> Taken { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var message = WebhookEvent.Parser.ParseJson(await request.Content!.ReadAsStringAsync(cancellationToken));
            Asked.Add(message);
            HttpStatusCode status = answer(message);
            if (status is HttpStatusCode.OK or HttpStatusCode.NoContent)
                Taken.Add(message);
            return new HttpResponseMessage(status);
        }
    }
}
