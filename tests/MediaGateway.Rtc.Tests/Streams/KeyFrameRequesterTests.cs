using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

public sealed class KeyFrameRequesterTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(5000);

    private readonly KeyFrameRequester _requester = new();

    [Fact]
    public void First_wish_is_sent_at_once()
    {
        _requester.Request(Start);

        Assert.True(_requester.TakeDue(Start));
    }

    [Fact]
    public void Wishes_of_a_hundred_viewers_become_one_request()
    {
        int sent = 0;
        for (int i = 0; i < 100; i++)
        {
            _requester.Request(Start);
            sent += _requester.TakeDue(Start) ? 1 : 0;
        }

        Assert.Equal(1, sent);
    }

    [Fact]
    public void Wish_right_after_a_request_is_kept_for_the_end_of_the_interval()
    {
        _requester.Request(Start);
        _requester.TakeDue(Start);
        _requester.OnKeyFrame();
        _requester.Request(Start + TimeSpan.FromMilliseconds(100));

        Assert.False(_requester.TakeDue(Start + TimeSpan.FromMilliseconds(299)));
        Assert.True(_requester.TakeDue(Start + TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public void Request_is_repeated_until_the_key_frame_comes()
    {
        _requester.Request(Start);
        int sent = CountOver(Start, TimeSpan.FromSeconds(3));
        _requester.OnKeyFrame();
        int after = CountOver(Start + TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));

        Assert.InRange(sent, 4, 6);
        Assert.Equal(0, after);
        Assert.True(_requester.NextDeadline.IsNever);
    }

    private int CountOver(MonotonicTime from, TimeSpan duration)
    {
        int sent = 0;
        for (MonotonicTime now = from; now < from + duration; now += TimeSpan.FromMilliseconds(10))
            sent += _requester.TakeDue(now) ? 1 : 0;
        return sent;
    }
}
