using MediaGateway.Client;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Clients;

public sealed class AccessTokenCacheTests
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = new();
    private int _issued;

    [Fact]
    public async Task Token_is_kept_and_renewed_before_it_expires()
    {
        using AccessTokenCache tokens = Cache(_ => Task.FromResult(TokenFor(TimeSpan.FromMinutes(10))));
        string first = await tokens.GetAsync(default);

        _clock.Advance(TimeSpan.FromMinutes(8.9));
        Assert.Equal(first, await tokens.GetAsync(default));
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.NotEqual(first, await tokens.GetAsync(default));
        Assert.Equal(2, _issued);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Clock_that_is_set_by_an_hour_makes_no_token_older_or_younger(int hours)
    {
        using AccessTokenCache tokens = Cache(_ => Task.FromResult(TokenFor(TimeSpan.FromMinutes(10))));
        string first = await tokens.GetAsync(default);

        _clock.Set(TimeSpan.FromHours(hours));
        _clock.Advance(TimeSpan.FromMinutes(8.9));
        Assert.Equal(first, await tokens.GetAsync(default));
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.NotEqual(first, await tokens.GetAsync(default));
    }

    [Fact]
    public async Task Short_lived_token_is_renewed_in_its_last_fifth()
    {
        using AccessTokenCache tokens = Cache(_ => Task.FromResult(TokenFor(TimeSpan.FromSeconds(100))));
        await tokens.GetAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(78));
        await tokens.GetAsync(default);
        Assert.Equal(1, _issued);
        _clock.Advance(TimeSpan.FromSeconds(3));
        await tokens.GetAsync(default);
        Assert.Equal(2, _issued);
    }

    [Fact]
    public async Task Calls_at_the_same_time_wait_for_the_same_token()
    {
        var fetched = new TaskCompletionSource<string>();
        using AccessTokenCache tokens = Cache(_ => fetched.Task);
        Task<string>[] calls = [.. Enumerable.Range(0, 5).Select(_ => tokens.GetAsync(default).AsTask())];
        fetched.SetResult(TokenFor(TimeSpan.FromMinutes(10)));

        Assert.Single((await Task.WhenAll(calls)).Distinct());
        Assert.Equal(1, _issued);
    }

    [Fact]
    public async Task Call_that_gives_up_leaves_the_token_to_the_next_one()
    {
        using var impatient = new CancellationTokenSource();
        using AccessTokenCache tokens = Cache(async cancellation =>
        {
            if (_issued == 1)
                await Task.Delay(Timeout.Infinite, cancellation);
            return TokenFor(TimeSpan.FromMinutes(10));
        });
        Task<string> first = tokens.GetAsync(impatient.Token).AsTask();
        Task<string> second = tokens.GetAsync(default).AsTask();
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.NotEmpty(await second);
    }

    [Fact]
    public async Task Renewal_that_fails_is_tried_again_while_the_token_before_is_good_and_then_fails_the_call()
    {
        using AccessTokenCache tokens = Cache(_ =>
            _issued == 1 ? Task.FromResult(TokenFor(TimeSpan.FromMinutes(10))) : throw new InvalidOperationException("The vault is shut."));
        string first = await tokens.GetAsync(default);

        _clock.Advance(TimeSpan.FromMinutes(9.5));
        Assert.Equal(first, await tokens.GetAsync(default));
        Assert.Equal(first, await tokens.GetAsync(default));
        Assert.Equal(2, _issued);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(first, await tokens.GetAsync(default));
        Assert.Equal(3, _issued);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => tokens.GetAsync(default).AsTask());
    }

    [Fact]
    public async Task Refused_token_is_not_borne_again()
    {
        using AccessTokenCache tokens = Cache(_ => Task.FromResult(TokenFor(TimeSpan.FromMinutes(10))));
        await tokens.GetAsync(default);
        tokens.Invalidate();
        await tokens.GetAsync(default);
        Assert.Equal(2, _issued);
    }

    [Theory]
    [InlineData("no token at all")]
    [InlineData("a.b.c")]
    public async Task Token_whose_expiry_cannot_be_read_is_kept(string token)
    {
        using AccessTokenCache tokens = Cache(_ => Task.FromResult(token));
        Assert.Equal(token, await tokens.GetAsync(default));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(token, await tokens.GetAsync(default));
        Assert.Equal(1, _issued);
    }

    private AccessTokenCache Cache(Func<CancellationToken, Task<string>> fetch) => new(
        GatewayCredentials.FromCallback(cancellation =>
        {
            _issued++;
            return fetch(cancellation);
        }),
        _clock,
        RenewBefore);

    private string TokenFor(TimeSpan lifetime) => TokenIssuer.Issue(
        TestGateway.Key, TestGateway.Secret, new TokenRequest($"caller {_issued}", "", false, false, lifetime), _clock.GetUtcNow());
}
