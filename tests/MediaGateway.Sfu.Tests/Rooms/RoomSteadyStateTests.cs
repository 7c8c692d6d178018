using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Tests that forwarding in a room allocates nothing.</summary>
[Collection(AllocationCollection.Name)]
public sealed class RoomSteadyStateTests
{
    private const int Subscribers = 4;

    [Fact]
    public void Forwarding_a_packet_in_a_room_allocates_nothing()
    {
        using var meeting = new TestMeeting(seed: 1);
        TestParticipant a = meeting.Join("a");
        TestSource video = a.Publish(MediaKind.Video, isSimulcast: true);
        a.Publish(MediaKind.Audio).Decibels = 20;
        for (int i = 0; i < Subscribers; i++)
            meeting.ExpectMedia(meeting.Join($"s{i}", single: i % 2 == 0), video);
        video.Interval = TimeSpan.FromMilliseconds(5);
        meeting.RunSoundly(3);
        byte[][] all = [.. Record(meeting, a.Up.Host, seconds: 12)];
        SimulatedHost gateway = meeting.Gateway.Host;
        long sent = 0;
        gateway.Intercept = (_, _) => sent++;
        var path = new NetworkPath(new EndpointId(0), a.Up.Host.Address);
        MonotonicTime now = meeting.Now;

        // The first half grows what grows once: history pages, dictionaries, tiered code.
        Feed(all.AsSpan(0, all.Length / 2), meeting, path, ref now);
        long sentBefore = sent;
        int third = all.Length / 6;
        long allocated = AllocatedBytes.LeastOf(time => Feed(all.AsSpan((all.Length / 2) + (time * third), third), meeting, path, ref now));

        Assert.True(sent - sentBefore > 300 * Subscribers, $"Only {sent - sentBefore} datagrams were sent.");
        Assert.Equal(0, allocated);
    }

    private static List<byte[]> Record(TestMeeting meeting, SimulatedHost publisher, double seconds)
    {
        var datagrams = new List<byte[]>();
        publisher.Intercept = (slot, length) => datagrams.Add(slot[..length]);
        meeting.Run(seconds);
        publisher.Intercept = null;
        return datagrams;
    }

    /// <summary>Feeds datagrams only: the room's own timer, which fires a few times a second, is not part of a packet's cost.</summary>
    private static void Feed(ReadOnlySpan<byte[]> datagrams, TestMeeting meeting, NetworkPath path, ref MonotonicTime now)
    {
        foreach (byte[] datagram in datagrams)
        {
            now += TimeSpan.FromMilliseconds(4);
            meeting.Gateway.Worker.OnDatagram(datagram, path, now);
        }
    }
}
