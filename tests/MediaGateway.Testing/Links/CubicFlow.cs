using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Links;

/// <summary>
/// Cross traffic of a TCP sender with CUBIC (RFC 9438): each segment brings about an acknowledgement, one is lost when one that was
/// sent three later is acknowledged (RFC 6675), and silence ends with a timeout (RFC 6298, with the least of 200 ms that Linux has).
/// </summary>
/// <param name="network">Its clock.</param>
/// <param name="forward">Its segments' way.</param>
/// <param name="delay">Delay of the wire in each direction, beside the queues.</param>
/// <param name="back">The way of its acknowledgements; null for one without a bottleneck.</param>
public sealed class CubicFlow(SimulatedNetwork network, LinkFlow forward, TimeSpan delay, LinkFlow? back = null)
{
    public const int SegmentBytes = 1448;
    private const int WireBytes = 1500;
    private const int AcknowledgementBytes = 52;
    private const int Reordering = 3;

    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(200);

    private readonly CubicWindow _window = new();
    private readonly Queue<Segment> _outstanding = new();
    private readonly Queue<Segment> _arrived = new();
    private long _arrivals;
    private long _acknowledged;
    private long _next;
    private long _recovery;
    private long _toSend;
    private int _inFlight;
    private TimeSpan _roundTrip;
    private TimeSpan _variation;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);
    private MonotonicTime _progress;
    private bool _isTimed;

    /// <summary>Segments that were acknowledged.</summary>
    public long Delivered { get; private set; }

    /// <summary>Round trips in which something was lost, and timeouts.</summary>
    public int Decreases { get; private set; }

    /// <summary>Runs when the last segment has been acknowledged.</summary>
    public Action? Completed { get; init; }

    /// <summary>Begins to send so many bytes; without an end when none are stated.</summary>
    public void Start(long bytes = long.MaxValue)
    {
        _toSend = bytes == long.MaxValue ? bytes : (bytes + SegmentBytes - 1) / SegmentBytes;
        Send();
    }

    /// <summary>Sends nothing new any more.</summary>
    public void Stop() => _toSend = 0;

    private void Send()
    {
        while (_toSend > 0 && _inFlight < (int)_window.Segments)
        {
            var segment = new Segment(_next++, network.Now);
            _toSend--;
            if (_inFlight++ == 0)
                _progress = network.Now;
            _outstanding.Enqueue(segment);
            forward.Send(WireBytes, () => network.After(delay, () => Acknowledge(segment)));
        }
        if (!_isTimed && _inFlight > 0)
            Time();
    }

    /// <summary>The receiver's answer says all that has arrived, so that a later one stands for one that is lost.</summary>
    private void Acknowledge(Segment segment)
    {
        _arrived.Enqueue(segment);
        long arrived = ++_arrivals;
        if (back is null)
            network.After(delay, () => OnAcknowledged(arrived));
        else
            back.Send(AcknowledgementBytes, () => network.After(delay, () => OnAcknowledged(arrived)));
    }

    private void OnAcknowledged(long arrived)
    {
        for (; _acknowledged < arrived; _acknowledged++)
            OnAcknowledged(_arrived.Dequeue());
        Send();
        if (_inFlight == 0 && _toSend == 0)
            Completed?.Invoke();
    }

    private void OnAcknowledged(Segment segment)
    {
        // What was taken for lost is sent again already.
        if (segment.IsLost)
            return;
        segment.IsAcknowledged = true;
        Delivered++;
        _inFlight--;
        _progress = network.Now;
        OnRoundTrip(network.Now - segment.SentAt);
        bool isLoss = false;
        while (_outstanding.TryPeek(out Segment? first) && (first.IsAcknowledged || first.Number + Reordering <= segment.Number))
        {
            _outstanding.Dequeue();
            if (first.IsAcknowledged)
                continue;
            OnLost(first);
            isLoss |= first.Number >= _recovery;
        }
        if (isLoss)
        {
            _window.OnLoss();
            Decreases++;
            _recovery = _next;
        }
        else if (segment.Number >= _recovery)
        {
            _window.OnAcknowledged(_roundTrip, network.Now);
        }
    }

    private void OnLost(Segment segment)
    {
        segment.IsLost = true;
        _inFlight--;
        _toSend++;
    }

    private void OnRoundTrip(TimeSpan sample)
    {
        if (_roundTrip == TimeSpan.Zero)
            (_roundTrip, _variation) = (sample, sample / 2);
        _variation = _variation * 0.75 + (_roundTrip - sample).Duration() * 0.25;
        _roundTrip = _roundTrip * 0.875 + sample * 0.125;
        TimeSpan margin = _variation * 4;
        _timeout = _roundTrip + (margin > LeastTimeout ? margin : LeastTimeout);
    }

    private void Time()
    {
        _isTimed = true;
        network.At(_progress + _timeout, () =>
        {
            _isTimed = false;
            if (_inFlight > 0 && network.Now >= _progress + _timeout)
                OnTimeout();
            else if (_inFlight > 0)
                Time();
        });
    }

    private void OnTimeout()
    {
        while (_outstanding.TryDequeue(out Segment? segment))
        {
            if (!segment.IsAcknowledged)
                OnLost(segment);
        }
        _window.OnTimeout();
        Decreases++;
        _recovery = _next;
        _timeout *= 2;
        _progress = network.Now;
        Send();
    }

    private sealed class Segment(long number, MonotonicTime sentAt)
    {
        public long Number => number;

        public MonotonicTime SentAt => sentAt;

        public bool IsAcknowledged { get; set; }

        public bool IsLost { get; set; }
    }
}
