using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Testing.Workers;

namespace MediaGateway.MicroBench;

/// <summary>A publisher's packet becomes a subscriber's.</summary>
public class RewritingBenchmarks : IDisposable
{
    private readonly byte[] _audio = BenchPackets.Audio();
    private readonly byte[] _video;
    private readonly byte[] _slot = new byte[1500];
    private readonly SimulatedCall _call = new();
    private readonly RtpSender _sender;
    private RewritePlan _plan;

    public RewritingBenchmarks()
    {
        (Viewer viewer, RemotePeer remote) = _call.OpenViewer(SimulatedCall.PathOf(1));
        _call.Connect(remote);
        _call.Sent.Keeps = false;
        _sender = viewer.Transport.Rtp.Senders.Single(sender => sender.Kind == MediaKind.Video);
        var stream = new Vp8Stream(new RtpReceiveStream(0, null, Vp8Stream.Codec));
        _video = stream.Bytes.ToArray();
        MediaPacket packet = stream.Packet;
        FrameLayers layers = FrameLayers.Read(CodecKind.Vp8, packet.View.Payload, marker: false, default, null, 0);
        _plan = new RewritePlan
        {
            Sequence = _sender.InitialSequence,
            PayloadType = _sender.Codecs[0].PayloadType,
            Picture = layers.Picture.Shift(1000, 10),
            Extensions = new ExtensionTranslation(BenchPackets.Extensions, BenchPackets.Extensions),
        };
    }

    /// <summary>The header alone, with MID and the one extension element that passes.</summary>
    [Benchmark]
    public int Header() => RtpPacketView.TryParse(_audio, out RtpPacketView view) && WriteHeader(view) == 20 ? 1 : 0;

    /// <summary>Header, payload, picture numbers.</summary>
    [Benchmark]
    public int VideoPacket()
    {
        if (!RtpPacketView.TryParse(_video, out RtpPacketView view))
            return 0;
        int headerLength = WriteHeader(view);
        _plan.WritePayload(_slot.AsSpan(headerLength, BenchPackets.VideoPayload), view);
        return 1;
    }

    /// <summary>
    /// The same as <see cref="RtpSender"/> does it: into the slot of a connected viewer, and encrypted there with AES-GCM.
    /// </summary>
    [Benchmark]
    public int SentVideoPacket()
    {
        _plan.Sequence += 1;
        return RtpPacketView.TryParse(_video, out RtpPacketView view) && _plan.Send(_sender, view, _call.Now) == DropReason.None ? 1 : 0;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _call.Dispose();
        GC.SuppressFinalize(this);
    }

    private int WriteHeader(in RtpPacketView view)
    {
        var writer = new RtpPacketWriter(_slot);
        writer.WriteHeader(view.Marker, _plan.PayloadType, _plan.Sequence.Wire, _plan.Timestamp, BenchPackets.Source);
        writer.WriteExtension(BenchPackets.MidId, "0"u8);
        _plan.WriteExtensions(ref writer, view);
        return writer.FinishHeader();
    }
}
