using Microsoft.IdentityModel.JsonWebTokens;

namespace MediaGateway.Client;

/// <summary>
/// The token that calls bear, renewed before it expires. Calls that need a new one at the same time wait for the same. Its age counts, not
/// the time of day, so that it makes no difference when the machine's clock is set. Thread-safe.
/// </summary>
internal sealed class AccessTokenCache(GatewayCredentials credentials, TimeProvider clock, TimeSpan renewBefore) : IDisposable
{
    /// <summary>Pause after a renewal that failed while the token before is good still.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private static readonly JsonWebTokenHandler Handler = new();

    private readonly SemaphoreSlim _renewing = new(1, 1);
    private CachedToken? _current;

    /// <summary>A token that is good now.</summary>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } known)
            return known;
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Fresh() ?? await RenewAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Drops the token, since the gateway has refused it: the next call bears a new one.</summary>
    public void Invalidate() => Volatile.Write(ref _current, null);

    public void Dispose() => _renewing.Dispose();

    private string? Fresh() => Volatile.Read(ref _current) is { } token && AgeOf(token) < token.RenewAge ? token.Value : null;

    private TimeSpan AgeOf(CachedToken token) => clock.GetElapsedTime(token.Since);

    private async Task<string> RenewAsync(CancellationToken cancellationToken)
    {
        long since = clock.GetTimestamp();
        DateTimeOffset now = clock.GetUtcNow();
        CachedToken? before = Volatile.Read(ref _current);
        try
        {
            string value = await credentials.IssueAsync(now, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _current, Cached(value, since, now));
            return value;
        }
        // Whatever a callback throws: the call needs nothing of it while the token before is good.
        catch (Exception) when (before is not null && AgeOf(before) < before.Lifetime && !cancellationToken.IsCancellationRequested)
        {
            TimeSpan retryAge = AgeOf(before) + RetryDelay;
            Volatile.Write(ref _current, before with { RenewAge = retryAge < before.Lifetime ? retryAge : before.Lifetime });
            return before.Value;
        }
    }

    private CachedToken Cached(string value, long since, DateTimeOffset now)
    {
        if (ExpiryOf(value) is not { } expiresAt)
            return new CachedToken(value, since, TimeSpan.MaxValue, TimeSpan.MaxValue);
        TimeSpan lifetime = expiresAt - now;
        return new CachedToken(value, since, lifetime, lifetime - (lifetime < 5 * renewBefore ? lifetime / 5 : renewBefore));
    }

    /// <summary>Expiry that a token names; null for one that names none, or is no JWT: the gateway says what is wrong with it.</summary>
    private static DateTimeOffset? ExpiryOf(string token)
    {
        try
        {
            DateTime expiry = Handler.ReadJsonWebToken(token).ValidTo;
            return expiry == DateTime.MinValue ? null : new DateTimeOffset(expiry, TimeSpan.Zero);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <param name="Value">The token.</param>
    /// <param name="Since">Timestamp of the clock at which it was asked for.</param>
    /// <param name="Lifetime">Age from which on the gateway refuses it.</param>
    /// <param name="RenewAge">Age from which on a new one is asked for.</param>
    private sealed record CachedToken(string Value, long Since, TimeSpan Lifetime, TimeSpan RenewAge);
}
