using MediaGateway.Server.Auth;
using MediaGateway.Server.Background;
using MediaGateway.Server.Signaling.Messages;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Gives a client a fresh token at once and from time to time, so that it can come back after a long meeting. It says
/// what the client's own says, with the permissions that the client has now, and never ends before that.
/// </summary>
internal sealed class TokenRefresh : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(10);

    private readonly AccessToken _token;
    private readonly SymmetricSecurityKey _key;
    private readonly SignalOutbox _outbox;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    public TokenRefresh(AccessToken token, ApiKeys keys, SignalOutbox outbox, Supervisor supervisor)
    {
        _token = token;
        _key = keys.TryGet(token.Signed.Issuer, out SymmetricSecurityKey? key)
            ? key
            : throw new InvalidOperationException("The token was verified with a key that is not there.");
        _outbox = outbox;
        _clock = supervisor.Clock;
        _timer = supervisor.CreateTimer("token refresh", Send, TimeSpan.Zero, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Send()
    {
        DateTimeOffset soonest = _clock.GetUtcNow() + MinLifetime;
        DateTimeOffset expires = _token.Signed.ValidTo > soonest.UtcDateTime ? new DateTimeOffset(_token.Signed.ValidTo, TimeSpan.Zero)
            : soonest;
        _outbox.Post(new SignalResponse { RefreshToken = TokenIssuer.Renew(_token.Signed, _key, expires, _outbox.ChangedPermissions) });
    }
}
