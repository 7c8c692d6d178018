using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Testing.Rooms;

/// <summary>One encoding of a <see cref="TestSource"/>: makes its frames, sends them, and sends again what was lost.</summary>
public sealed class TestEncoding
{
    private const int KeptPackets = 512;

    private readonly TestSource _source;
    private readonly Random _random;
    private readonly PictureSequence _pictures;
    private readonly Dictionary<ushort, SentPacket> _sent = [];
    private readonly byte[] _payload = new byte[TestMediaPayload.MaxLength];
    private readonly uint _timestampBase;
    private ExtendedSequence? _next;
    private bool _keyFrameWanted = true;

    internal TestEncoding(TestSource source, int index, Rid? rid, LocalSource local, Random random)
    {
        _source = source;
        _random = random;
        _pictures = new PictureSequence(hasTemporalLayers: source.Codec == CodecKind.Vp8);
        _timestampBase = (uint)random.NextInt64(uint.MaxValue);
        Index = index;
        Rid = rid;
        Local = local;
    }

    public int Index { get; }

    public Rid? Rid { get; }

    public LocalSource Local { get; }

    /// <summary>True while nothing is encoded, as with dynacast.</summary>
    public bool IsPaused { get; set; }

    public List<TestFrame> Frames { get; } = [];

    public int KeyFrameRequests { get; private set; }

    public void RequestKeyFrame()
    {
        KeyFrameRequests++;
        _keyFrameWanted = true;
    }

    /// <summary>Begins anew with a key frame, after an interruption or on another connection.</summary>
    public void BeginAnew()
    {
        _keyFrameWanted = true;
        _next = null;
        _sent.Clear();
    }

    public void SendFrame(RtpSender sender, HeaderExtensionMap extensions, MonotonicTime now)
    {
        if (IsPaused)
        {
            _keyFrameWanted = true;
            return;
        }
        TestFrame frame = (_source.Kind == MediaKind.Audio ? NextAudio() : NextPicture()) with { SentAt = now };
        Frames.Add(frame);
        RtpCodec codec = sender.Codecs.First(candidate => candidate.Kind == _source.Codec);
        var timestamp = new RtpTimestamp(_timestampBase + (uint)(long)((now - MonotonicTime.Zero).TotalSeconds * codec.ClockRate));
        ExtendedSequence next = _next ?? sender.InitialSequence;
        byte[] element = _source.Kind == MediaKind.Audio
            ? [(byte)(0x80 | _source.Decibels)]
            : System.Text.Encoding.ASCII.GetBytes(Rid?.Value ?? "");
        byte elementId = ElementId(extensions, HeaderExtensionKind.RtpStreamId);
        byte repairedElementId = ElementId(extensions, HeaderExtensionKind.RepairedRtpStreamId);
        for (int i = 0; i < frame.Packets; i++, next += 1)
        {
            int length = TestMediaPayload.Write(_payload, _source.Codec, _source.Id, Index, frame, i);
            bool endsPicture = _source.Kind == MediaKind.Video && i == frame.Packets - 1;
            var header = new OutgoingHeader(next, timestamp, codec.PayloadType, endsPicture);
            sender.Send(header, _payload.AsSpan(0, length), now, elementId, element);
            Keep(next, new SentPacket(header, _payload[..length], repairedElementId, element));
        }
        _next = next;
        sender.Timing = new SenderTiming(TestConnection.Clock.At(now), timestamp);
    }

    public void Resend(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
        if (_sent.TryGetValue(lost.Value, out SentPacket? packet))
            sender.Resend(packet.Header, packet.Payload, now, packet.ElementId, packet.Element);
    }

    private TestFrame NextAudio() => new(Frames.Count, 0, false, true, 1, 0, []);

    private TestFrame NextPicture()
    {
        bool isKey = _keyFrameWanted;
        _keyFrameWanted = false;
        return _pictures.Next(Frames.Count, isKey, PacketsOfNext());
    }

    private int PacketsOfNext() => _source.PacketsPerFrame is { } packets ? packets[Index]
        : _random.Next(1, _source.MaxPacketsPerFrame + 1);

    /// <summary>Local id of the element that says the level of sound, or which encoding it is; 0 when none is sent.</summary>
    private byte ElementId(HeaderExtensionMap extensions, HeaderExtensionKind rid) =>
        _source.Kind == MediaKind.Audio ? extensions.IdOf(HeaderExtensionKind.AudioLevel) : Rid is null ? (byte)0 : extensions.IdOf(rid);

    private void Keep(ExtendedSequence sequence, SentPacket packet)
    {
        _sent[sequence.Wire.Value] = packet;
        _sent.Remove((sequence - KeptPackets).Wire.Value);
    }

    private sealed record SentPacket(OutgoingHeader Header, byte[] Payload, byte ElementId, byte[] Element);
}
