using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Admission;

public sealed class AnsweredRequestsTests : IAsyncLifetime, IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly RecordedCounts _counts = RecordedCounts.Create();
    private readonly AnsweredRequests _answered;
    private Caller _caller = null!;
    private int _carriedOut;

    public AnsweredRequestsTests() => _answered = new AnsweredRequests(_clock, new RepeatMetrics(_counts.Factory));

    public async Task InitializeAsync() => _caller = await CallerAsync("director");

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _counts.Dispose();

    [Fact]
    public async Task Repeat_is_answered_for_ten_minutes_and_a_failure_too()
    {
        Assert.Equal(1, await AskAsync("a"));
        Assert.Equal(1, await AskAsync("a"));
        await Assert.ThrowsAsync<ContractException>(() => FailAsync("b"));
        await Assert.ThrowsAsync<ContractException>(() => FailAsync("b"));
        Assert.Equal(2, _carriedOut);

        _clock.Advance(AnsweredRequests.MaxAge + TimeSpan.FromSeconds(1));
        Assert.Equal(3, await AskAsync("a"));
        Assert.Equal(0, _counts["mediagateway.requests.forgotten"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Clock_that_is_set_by_an_hour_forgets_nothing_and_keeps_nothing_longer(int hours)
    {
        Assert.Equal(1, await AskAsync("a"));
        _clock.Set(TimeSpan.FromHours(hours));
        Assert.Equal(1, await AskAsync("a"));

        _clock.Advance(AnsweredRequests.MaxAge + TimeSpan.FromSeconds(1));
        Assert.Equal(2, await AskAsync("a"));
    }

    [Fact]
    public async Task Ids_are_each_callers_own_and_without_one_everything_is_carried_out()
    {
        Assert.Equal(1, await AskAsync("a"));
        _caller = await CallerAsync("somebody else");
        Assert.Equal(2, await AskAsync("a"));
        Assert.Equal(3, await AskAsync(""));
        Assert.Equal(4, await AskAsync(""));
    }

    [Fact]
    public async Task What_is_remembered_is_bounded_in_number_and_bytes()
    {
        await AskAsync("first");
        for (int i = 0; i < AnsweredRequests.MaxRemembered; i++)
            await AskAsync($"{i}");
        Assert.Equal(1, _counts["mediagateway.requests.forgotten"]);
        Assert.Equal(AnsweredRequests.MaxRemembered + 2, await AskAsync("first"));

        string large = new('x', 8 * 1024 * 1024);
        for (int i = 0; i < 6; i++)
            await AskAsync($"large {i}", large);
        int before = _carriedOut;
        await AskAsync("large 5", large);
        Assert.Equal(before, _carriedOut);
        await AskAsync("large 0", large);
        Assert.Equal(before + 1, _carriedOut);
    }

    private async Task<int> AskAsync(string id, string metadata = "") =>
        ((Box)await _answered.AnswerAsync<object>(_caller, "/x/Y", id, new CreateRoomRequest { Metadata = metadata }, () =>
        Task.FromResult<object>(new Box(++_carriedOut)))).Number;

    private Task<object> FailAsync(string id) => _answered.AnswerAsync<object>(_caller, "/x/Y", id, new CreateRoomRequest(), () =>
    {
        _carriedOut++;
        throw Refusal.Invalid("no");
    });

    private static async Task<Caller> CallerAsync(string identity)
    {
        var validator = new TokenValidator(new ApiKeys(new AuthOptions
        { Keys = new Dictionary<string, Secret> { [TestGateway.Key] = new(TestGateway.Secret) } }), TimeProvider.System);
        return new Caller(await validator.ValidateAsync(TestGateway.Token("stage", identity)));
    }

    private sealed record Box(int Number);
}
