using Grpc.Core;

namespace MediaGateway.Client;

/// <summary>Decides whether and when a watch connects again: after a failure that may pass, with pauses that grow.</summary>
internal sealed class EventReconnection(EventWatch watch)
{
    /// <summary>Doublings of the first pause, after which any sensible limit is reached.</summary>
    private const int MaxDoublings = 16;

    private int _attempts;
    private bool _hasBegun;
    private bool _isTokenNew;

    /// <summary>Called for each message: the connection works, so that the next failure is a first one.</summary>
    public void OnMessage()
    {
        _attempts = 0;
        _hasBegun = true;
        _isTokenNew = false;
    }

    /// <summary>The pause before the next attempt.</summary>
    /// <exception cref="GatewayException">The failure itself, when another attempt would fail as well.</exception>
    public TimeSpan PauseAfter(GatewayException failure)
    {
        if (failure.StatusCode == StatusCode.Unauthenticated && !_isTokenNew)
        {
            // It may have expired, and the next call bears another. A second one that is refused is no matter of time.
            _isTokenNew = true;
            return TimeSpan.Zero;
        }
        if (!MayPass(failure.StatusCode) || (!_hasBegun && !watch.WaitForGateway))
            throw failure;
        TimeSpan longest = watch.FirstPause * Math.Pow(2, Math.Min(_attempts++, MaxDoublings));
        if (longest > watch.LongestPause)
            longest = watch.LongestPause;
        TimeSpan pause = longest * (1 - Random.Shared.NextDouble() / 2);
        return failure.RetryAfter is { } asked && asked > pause ? asked : pause;
    }

    private static bool MayPass(StatusCode status) => status is StatusCode.Unavailable or StatusCode.ResourceExhausted
        or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown
        or StatusCode.DataLoss;
}
