using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>
/// Packets of one subscription's video that wait for room on the receiver's line, in their order. One that waits is no more than its
/// outgoing number: when it is due it is planned again from the publisher's history, as a retransmission is, and the same plan gives the
/// same bytes. So nothing is copied, and a wait costs no memory.
/// <para><b>Invariant: numbers below the first that waits have been sent, or stand for packets that have not come; each number is sent
/// once, and none is left out.</b></para>
/// </summary>
internal sealed class PacedStream
{
    /// <summary>Header with extensions (20), tag of SRTP (16), UDP and IP (28) of a packet, bytes.</summary>
    public const int Overhead = 64;

    /// <summary>Longest wait of a packet that the line has room for at <see cref="PacingBucket.MostFactor"/> times its estimate.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait of any packet.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>Numbers that are looked at in one turn: whatever holes a publisher leaves, a turn has an end.</summary>
    private const int NumbersPerTurn = 512;

    /// <summary>Numbers before the first packet that waits which are still waited with it, should their packets come.</summary>
    private const int MostMissing = 64;

    private readonly Subscription _subscription;
    private readonly PacingBucket _bucket;
    private readonly IPacer _pacer;

    /// <summary>The first number that waits, and the number behind the last; the same while nothing waits.</summary>
    private long _next;
    private long _end;
    private long _emptyAt;

    /// <summary>Packets that wait, without those that have not come; and their bytes on the wire.</summary>
    private int _count;
    private int _bytes;

    /// <summary>Rate at which no packet waits too long, bytes per second. Rises with what comes until nothing waits any more.</summary>
    private double _rate;

    /// <summary>Bytes that may go out; negative after a packet that was longer.</summary>
    private double _credit;
    private MonotonicTime _turn;

    public PacedStream(Subscription subscription, PacingBucket bucket, IPacer pacer)
    {
        _subscription = subscription;
        _bucket = bucket;
        _pacer = pacer;
        _next = _end = subscription.Forwarder.NextOutgoing.Value;
    }

    public bool IsWaiting => _next < _end;

    /// <summary>The number before the first that waits, or before the next to come.</summary>
    public ExtendedSequence NewestSent => new(_next - 1);

    /// <summary>Time at which the next packet is due; without meaning while none waits.</summary>
    public MonotonicTime Due => _credit < 0 ? _turn + TimeSpan.FromSeconds(Math.Min(1, -_credit / Rate)) : _turn;

    private double Rate => Math.Max(_rate, _bucket.LeastRate);

    /// <summary>Fetches what the decision about a packet needs; see <see cref="IPrefetcher"/>.</summary>
    public void Prefetch(IPrefetcher prefetcher) => prefetcher.Prefetch(_bucket, 1);

    /// <summary>
    /// Decides whether a packet goes out at once. One that came late, after what follows it has been sent, does so always.
    /// </summary>
    /// <param name="plan">How it is sent.</param>
    /// <param name="payloadLength">Bytes of its payload.</param>
    /// <param name="now">The time.</param>
    /// <returns>True when it waits: then it is not to be sent, and neither are the parameter sets before it.</returns>
    public bool TakesOver(in RewritePlan plan, int payloadLength, MonotonicTime now)
    {
        long number = plan.Sequence.Value;
        if (number < _next)
            return false;
        int bytes = payloadLength + Overhead;
        bool isFirst = !IsWaiting;
        if (isFirst && _bucket.TryPass(bytes, ref _emptyAt, now.Ticks))
        {
            _next = _end = number + 1;
            return false;
        }
        if (isFirst)
            _next = Math.Max(_next, number - MostMissing);
        _end = Math.Max(_end, number + 1);
        _count += 1 + plan.PrecedingSets;
        _bytes += bytes;
        if (isFirst)
            Begin(now);
        double quick = Math.Min(_bytes / Patience.TotalSeconds, _bucket.MostRate);
        _rate = Math.Max(_rate, Math.Max(quick, _bytes / Limit.TotalSeconds));
        return true;
    }

    /// <summary>Tells whether a number has not been sent yet, so that whoever misses it has to wait too.</summary>
    public bool Holds(ExtendedSequence number) => number.Value >= _next && number.Value < _end;

    /// <summary>Sends what is due.</summary>
    public void Release(MonotonicTime now)
    {
        double rate = Rate;
        if (double.IsPositiveInfinity(rate))
            _credit = double.PositiveInfinity;
        else
            _credit += (now - _turn).TotalSeconds * rate;
        _turn = now;
        for (int i = 0; i < NumbersPerTurn && _credit > 0 && IsWaiting; i++)
            _credit -= SendNext(now);
    }

    /// <summary>Sends the packet that has waited longest before it is due. Those behind it wait as long as they would have.</summary>
    public void SendEarly(MonotonicTime now)
    {
        int bytes = 0;
        for (int i = 0; i < NumbersPerTurn && bytes == 0 && IsWaiting; i++)
            bytes = SendNext(now);
        _credit -= bytes;
    }

    /// <summary>Sends nothing of what waits: nobody is there for it any more.</summary>
    public void Forget()
    {
        _next = _end;
        _count = 0;
        End();
    }

    /// <summary>Sends the packet that has waited longest.</summary>
    /// <returns>Its bytes on the wire; 0 when no packet has come under its number.</returns>
    private int SendNext(MonotonicTime now)
    {
        int bytes = _subscription.SendWaiting(new ExtendedSequence(_next++), now);
        if (bytes > 0)
        {
            _count--;
            _bytes = Math.Max(0, _bytes - bytes);
            _bucket.OnReleased(bytes, now.Ticks);
        }
        if (!IsWaiting)
            End();
        return bytes;
    }

    private void Begin(MonotonicTime now)
    {
        _turn = now;
        _credit = 0;
        _pacer.OnWaiting(this, now);
    }

    private void End()
    {
        if (_count > 0)
            _subscription.OnExpired(_count);
        _count = _bytes = 0;
        _rate = 0;
    }
}
