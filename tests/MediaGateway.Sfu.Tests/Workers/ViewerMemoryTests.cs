using System.Runtime.CompilerServices;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>Tests of the managed memory that a viewer holds. OpenSSL's share is in Platform.Tests.</summary>
[Collection(AllocationCollection.Name)]
public sealed class ViewerMemoryTests
{
    private const int Viewers = 100;

    /// <summary>Whatever else of the process is freed or made meanwhile changes one measure, hardly two of three.</summary>
    private const int Measures = 3;

    /// <summary>An array that only some peers need, made for all of them, is more than this alone.</summary>
    private const int MaxBytes = 10_500;

    [Fact]
    public void Watching_viewer_holds_10_500_bytes_at_most()
    {
        using var call = new SimulatedCall();
        (_, RemotePeer publisher) = call.OpenPublisher(SimulatedCall.PathOf(1));
        call.Connect(publisher);
        call.Sent.Keeps = true;
        Join(call, first: 2, count: 50);
        Send(call, publisher, 0);
        var each = new List<long>();
        for (int measure = 1; measure <= Measures; measure++)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            Join(call, first: measure * Viewers, count: Viewers);
            Send(call, publisher, measure);
            each.Add((GC.GetTotalMemory(forceFullCollection: true) - before) / Viewers);
        }

        LiveStream stream = call.Worker.LiveStreams.Find(SimulatedCall.StreamName)!;
        Assert.All(stream.Viewers, viewer =>
            Assert.True(viewer.Subscriptions.Sum(subscription => subscription.Sender.Stream.PacketsSent) > 0));
        Assert.InRange(each.Order().ElementAt(Measures / 2), 1, MaxBytes);
    }

    /// <summary>Apart, so that nothing on the test's own stack keeps the far ends alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Join(SimulatedCall call, int first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            (_, RemotePeer viewer) = call.OpenViewer(SimulatedCall.PathOf(first + i));
            call.Connect(viewer);
            call.Forget(viewer);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Send(SimulatedCall call, RemotePeer publisher, int number)
    {
        byte[] keyFrame = [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00, .. new byte[1000]];
        call.Sent.Keeps = false;
        call.Receive(publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, (ushort)(number + 1), (uint)(number * 3000), keyFrame),
            publisher.Path);
        call.Receive(publisher.CreateMedia(RemoteOffer.Audio, RemoteOffer.Opus, (ushort)(number + 1), (uint)(number * 960), new byte[100]),
            publisher.Path);
        call.Sent.Keeps = true;
    }
}
