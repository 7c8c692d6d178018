using System.Diagnostics;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>
/// Asks the gateway for something ten times a second, by the control API and as a participant who joins a room, and takes the times
/// of its answers. Both go through the media worker. Ownership: runs until disposed.
/// </summary>
internal sealed class Responsiveness : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly GatewayServer _server;
    private readonly GatewayControl _control;
    private readonly string _stream;
    private readonly Task _asking;
    private Times _times = new([], []);

    public Responsiveness(GatewayServer server, GatewayControl control, string stream)
    {
        _server = server;
        _control = control;
        _stream = stream;
        _asking = Task.WhenAll(
            RepeatAsync(number => _control.UpdateLiveStreamAsync(_stream, $"{number}", _ended.Token), time => _times.Control.Add(time)),
            RepeatAsync(JoinAsync, time => _times.Joins.Add(time)));
    }

    /// <summary>Milliseconds since last taken.</summary>
    /// <exception cref="InvalidOperationException">The gateway refused something.</exception>
    public Times Take()
    {
        if (_asking.IsFaulted)
            throw new InvalidOperationException($"The gateway did not answer as it should: {_asking.Exception!.InnerException!.Message}",
                _asking.Exception);
        lock (_lock)
        {
            Times taken = _times;
            _times = new Times([], []);
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task RepeatAsync(Func<int, Task> ask, Action<double> note)
    {
        for (int number = 0; !_ended.IsCancellationRequested; number++)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await ask(number);
            }
            catch (Exception) when (_ended.IsCancellationRequested)
            {
                return;
            }
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            lock (_lock)
                note(time.TotalMilliseconds);
            if (time < Interval)
                await Task.Delay(Interval - time, CancellationToken.None);
        }
    }

    /// <summary>Measures the time from the first byte to the answer that describes the room (docs/signaling.md).</summary>
    private async Task JoinAsync(int number)
    {
        using SignalConnection signaling =
            await SignalConnection.OpenAsync(_server.SignalAddress, _server.SignToken("overload", $"guest-{number}"), _ended.Token);
        SignalResponse? first = await signaling.ReceiveAsync(_ended.Token);
        if (first?.Join is null)
            throw new InvalidOperationException($"A participant was not let in: {first}.");
        await signaling.SendAsync(new SignalRequest { Leave = new LeaveRequest { Reason = DisconnectReason.ClientInitiated } });
    }

    /// <summary>Times of answers, in order.</summary>
    public sealed record Times(List<double> Control, List<double> Joins);
}
