using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>Tests that a worker in its steady state allocates nothing, whoever sends.</summary>
[Collection(AllocationCollection.Name)]
public sealed class WorkerSteadyStateTests : IDisposable
{
    private const int WarmUp = 2_000;
    private const int Measured = 2_000;

    private static readonly NetworkPath Home = SimulatedCall.PathOf(1);

    private readonly SimulatedCall _call = new();
    private readonly RemotePeer _publisher;

    public WorkerSteadyStateTests()
    {
        (_, _publisher) = _call.OpenPublisher(Home);
        _call.Connect(_publisher);
        (_, RemotePeer viewer) = _call.OpenViewer(SimulatedCall.PathOf(2));
        _call.Connect(viewer);
        _call.Sent.Keeps = false;
    }

    [Fact]
    public void Forwarded_audio_allocates_nothing()
    {
        long before = _call.Sent.Total;
        AssertAllocatesNothing(
            i => _publisher.CreateMedia(RemoteOffer.Audio, RemoteOffer.Opus, (ushort)i, (uint)(i * 960), new byte[100]), Home);
        Assert.True(_call.Sent.Total - before >= Measured);
    }

    [Fact]
    public void Forwarded_video_allocates_nothing()
    {
        byte[] keyFrame = [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00, .. new byte[1000]];
        long before = _call.Sent.Total;
        AssertAllocatesNothing(
            i => _publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, (ushort)i, (uint)(i * 3000), keyFrame), Home);
        Assert.True(_call.Sent.Total - before >= Measured);
    }

    [Fact]
    public void Forged_media_allocates_nothing()
    {
        AssertAllocatesNothing(
            i =>
            {
                byte[] packet = _publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, (ushort)i, 0, new byte[1000]);
                packet[^1] ^= 1;
                return packet;
            },
            Home);
        Assert.True(_call.Drops[DropReason.AuthFailed] >= Measured);
    }

    [Theory]
    [InlineData("000100002112A442000000000000000000000000")] // STUN
    [InlineData("16FEFD000000000000000000030100")] // DTLS
    [InlineData("806000010000000000001234")] // RTP
    [InlineData("FF")]
    public void Flood_from_a_stranger_allocates_nothing(string datagram) =>
        AssertAllocatesNothing(_ => Convert.FromHexString(datagram), SimulatedCall.PathOf(66));

    public void Dispose() => _call.Dispose();

    private void AssertAllocatesNothing(Func<int, byte[]> create, NetworkPath path)
    {
        byte[][] datagrams = [.. Enumerable.Range(1, WarmUp + (3 * Measured)).Select(create)];
        MonotonicTime now = _call.Now;
        for (int i = 0; i < WarmUp; i++)
            Receive(datagrams[i], path, ref now);

        Assert.Equal(0, AllocatedBytes.LeastOf(time =>
        {
            for (int i = 0; i < Measured; i++)
                Receive(datagrams[WarmUp + (time * Measured) + i], path, ref now);
        }));
    }

    private void Receive(byte[] datagram, NetworkPath path, ref MonotonicTime now)
    {
        now += TimeSpan.FromMilliseconds(2);
        _call.Worker.OnDatagram(datagram, path, now);
        _call.Worker.OnTick(now);
    }
}
