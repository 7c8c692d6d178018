using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Filler of probes of one receiver's line, up to their rate: packets that the receiver has most likely got, again on the RTX stream, the
/// newest first and each once, so that one that was lost is mended by the way; then padding on that stream, which works from the first
/// packet on and while the picture is paused. Nothing of it takes a number of the media's own.
/// </summary>
internal sealed class Filler
{
    /// <summary>Packets of a video that are sent again before it is the next one's turn.</summary>
    private const int Depth = 64;

    /// <summary>Bytes that are due from which on a whole packet is sent; padding closes smaller gaps. Half of a usual packet.</summary>
    private const int LeastForPacket = 600;

    private readonly List<Video> _videos = [];
    private int _turn;

    /// <summary>The next number to be sent again, and the one at which the video's turn ends.</summary>
    private long _next;
    private long _last;

    /// <summary>Has a video of the receiver take part.</summary>
    public void Add(Subscription video) => _videos.Add(new Video(video, video.NewestSent.Value));

    public void Remove(Subscription video)
    {
        _videos.RemoveAll(entry => entry.Subscription == video);
        (_turn, _next, _last) = (0, 0, 0);
    }

    /// <summary>Sends a packet of filler.</summary>
    /// <param name="due">Bytes that are due.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when there is no way to send any.</returns>
    public bool TrySend(int due, MonotonicTime now) => (due >= LeastForPacket && TrySendAgain(now)) || TryPad(due, now);

    private bool TrySendAgain(MonotonicTime now)
    {
        for (int looked = 0; looked < Depth; looked++)
        {
            if (_next <= _last && !TryBegin())
                return false;
            if (_videos[_turn].Subscription.TrySendAgain(new ExtendedSequence(_next--), now))
                return true;
        }
        return false;
    }

    /// <summary>Goes on to the next video that has sent something since its last turn.</summary>
    private bool TryBegin()
    {
        for (int i = 0; i < _videos.Count; i++)
        {
            _turn = (_turn + 1) % _videos.Count;
            (Subscription subscription, long done) = _videos[_turn];
            long newest = subscription.NewestSent.Value;
            if (newest <= done)
                continue;
            (_next, _last) = (newest, Math.Max(done, newest - Depth));
            _videos[_turn] = new Video(subscription, newest);
            return true;
        }
        return false;
    }

    private bool TryPad(int bytes, MonotonicTime now)
    {
        foreach (Video video in _videos)
        {
            if (video.Subscription.Sender.SendPadding(bytes, now) > 0)
                return true;
        }
        return false;
    }

    /// <param name="Subscription">The video.</param>
    /// <param name="Done">The newest of its numbers that has had its turn.</param>
    private readonly record struct Video(Subscription Subscription, long Done);
}
