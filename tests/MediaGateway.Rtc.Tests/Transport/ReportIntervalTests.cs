using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>Tests of the report interval: every second with video, every five seconds with sound alone, as browsers do.</summary>
public sealed class ReportIntervalTests : IDisposable
{
    private readonly MeetingCall _call = new();

    public void Dispose() => _call.Dispose();

    [Theory]
    [InlineData(MediaKind.Video, 20, 21)]
    [InlineData(MediaKind.Audio, 4, 5)]
    public void Reports_come_as_often_as_the_media_need(MediaKind kind, int least, int most)
    {
        _call.ClientOffers([MeetingCall.Section("1", kind, 100)]);
        _call.Run(TimeSpan.FromSeconds(1.1));
        Assert.NotEmpty(_call.TakeRtcp());

        _call.Run(TimeSpan.FromSeconds(20));

        Assert.InRange(_call.TakeRtcp().Count, least, most);
    }

    [Fact]
    public void Video_that_joins_sound_is_reported_soon()
    {
        _call.ClientOffers([MeetingCall.Section("1", MediaKind.Audio, 100)]);
        _call.Run(TimeSpan.FromSeconds(1.1));
        _call.TakeRtcp();

        _call.ClientOffers([MeetingCall.Section("1", MediaKind.Audio, 100), MeetingCall.Section("2", MediaKind.Video, 200)]);
        _call.Run(TimeSpan.FromSeconds(1.1));

        Assert.NotEmpty(_call.TakeRtcp());
    }
}
