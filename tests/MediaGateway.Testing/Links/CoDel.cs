using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Links;

/// <summary>
/// Controlled-delay queue management (RFC 8289 section 5): drops at the head while packets have waited longer than the target for a
/// whole interval, at a rate that rises with the square root of the drops.
/// </summary>
internal sealed class CoDel(LinkQueue queue)
{
    /// <summary>Longest packet: a queue of one of them is no standing queue.</summary>
    private const int MaxPacket = 1500;

    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private MonotonicTime? _firstAbove;
    private MonotonicTime _dropNext;
    private int _count;
    private int _lastCount;
    private bool _isDropping;

    /// <summary>Takes the next packet to send, and drops what is to be dropped before it.</summary>
    public QueuedPacket? Take(MonotonicTime now)
    {
        QueuedPacket? packet = TakeHead(now, out bool mayDrop);
        if (_isDropping)
        {
            _isDropping = mayDrop;
            while (_isDropping && now >= _dropNext)
            {
                packet!.Flow.OnDropped();
                _count++;
                packet = TakeHead(now, out _isDropping);
                if (_isDropping)
                    _dropNext = After(_dropNext);
            }
        }
        else if (mayDrop)
        {
            packet!.Flow.OnDropped();
            packet = TakeHead(now, out _);
            _isDropping = true;
            int delta = _count - _lastCount;
            _count = delta > 1 && now - _dropNext < 16 * Interval ? delta : 1;
            _dropNext = After(now);
            _lastCount = _count;
        }
        return packet;
    }

    private QueuedPacket? TakeHead(MonotonicTime now, out bool mayDrop)
    {
        mayDrop = false;
        QueuedPacket? packet = queue.Take();
        if (packet is null || now - packet.Since < Target || queue.Bytes <= MaxPacket)
            _firstAbove = null;
        else if (_firstAbove is not { } above)
            _firstAbove = now + Interval;
        else
            mayDrop = now >= above;
        return packet;
    }

    private MonotonicTime After(MonotonicTime time) => time + Interval / Math.Sqrt(_count);
}
