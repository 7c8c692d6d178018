using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>Leaving out layers costs the garbage collector nothing.</summary>
[Collection(AllocationCollection.Name)]
public sealed class LayerAllocationTests
{
    public static TheoryData<string> Formats => [.. LayeredFormat.All.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Choosing_layers_packet_by_packet_allocates_nothing(string format)
    {
        var publisher = new LayeredPublisher(LayeredFormat.All[format], new Random(1));
        var forwarder =
            new Forwarder(MediaKind.Video, [publisher.Codec], SubscriberModel.HeaderExtensions, new ExtendedSequence(1), default);
        forwarder.SetLimits(maxSpatial: 1, maxTemporal: 0);
        forwarder.SetTarget(publisher[0]);
        SentPacket[] packets = [.. Enumerable.Range(0, 6000).SelectMany(_ => publisher.NextPicture())];
        // Most of it is for what grows once: history pages, tiered code, and runs, of which H264 takes few.
        int measured = packets.Length / 10;
        MonotonicTime now = MonotonicTime.FromMilliseconds(10_000);
        Forward(packets.AsSpan(0, packets.Length - measured), publisher, forwarder, ref now);

        int sent = 0, third = measured / 3;
        long allocated = AllocatedBytes.LeastOf(time =>
            sent += Forward(packets.AsSpan(packets.Length - measured + (time * third), third), publisher, forwarder, ref now));

        Assert.InRange(sent, 100, measured - 100);
        Assert.Equal(0, allocated);
    }

    private static int Forward(ReadOnlySpan<SentPacket> packets, LayeredPublisher publisher, Forwarder forwarder, ref MonotonicTime now)
    {
        int count = 0;
        foreach (SentPacket sent in packets)
        {
            now += TimeSpan.FromMilliseconds(4);
            PublishedEncoding encoding = publisher[sent.Encoding];
            if (!RtpPacketView.TryParse(sent.Bytes, out RtpPacketView view))
                continue;
            var packet = new MediaPacket(encoding.Stream, publisher.Codec, sent.Sequence, sent.Bytes, view);
            if (forwarder.Plan(encoding, packet, encoding.OnPacket(packet, now), now, out _) == DropReason.None)
                count++;
        }
        return count;
    }
}
