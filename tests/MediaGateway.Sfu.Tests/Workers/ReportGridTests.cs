using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>The reports of a worker's peers leave together, so that many peers do not cost as many wake-ups.</summary>
public sealed class ReportGridTests
{
    private const int Viewers = 60;
    private const int Seconds = 3;

    [Fact]
    public void Reports_of_many_peers_leave_twenty_times_a_second_and_each_peers_every_second()
    {
        using var call = new SimulatedCall();
        for (int i = 0; i < Viewers; i++)
            call.Connect(call.OpenViewer(SimulatedCall.PathOf(10 + i)).Remote);
        call.Advance(TimeSpan.FromSeconds(2));

        HashSet<MonotonicTime> times = [];
        Dictionary<NetworkPath, int> reports = [];
        for (MonotonicTime now = call.Now; now < call.Now + TimeSpan.FromSeconds(Seconds); now += TimeSpan.FromMilliseconds(1))
        {
            call.Worker.OnTick(now);
            while (call.Sent.TryTake(out (NetworkPath Path, byte[] Bytes) sent))
            {
                times.Add(now);
                reports[sent.Path] = reports.GetValueOrDefault(sent.Path) + 1;
            }
        }

        Assert.InRange(times.Count, 20, 20 * Seconds);
        Assert.Equal(Viewers, reports.Count);
        Assert.All(reports.Values, count => Assert.InRange(count, Seconds - 1, Seconds + 1));
    }
}
