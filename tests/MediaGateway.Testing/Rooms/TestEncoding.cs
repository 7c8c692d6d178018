using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Testing.Rooms;

/// <summary>One encoding of a <see cref="TestSource"/>: makes its frames, sends them, and sends again what was lost.</summary>
public sealed class TestEncoding
{
    private const byte AudioLevelElement = 1;
    private const int KeptPackets = 512;

    /// <summary>Three temporal layers over four pictures; the last one depends on the one of the middle layer.</summary>
    private static readonly ImmutableArray<int> Pattern = [0, 2, 1, 2];

    private static readonly HeaderExtensionMap FromElement = new([new(HeaderExtensionKind.AudioLevel, AudioLevelElement)]);

    private readonly TestSource _source;
    private readonly Random _random;
    private readonly int[] _newest = new int[3];
    private readonly Dictionary<ushort, SentPacket> _sent = [];
    private readonly byte[] _packet = new byte[RtpHeader.FixedLength + 64 + TestMediaPayload.MaxLength];
    private readonly uint _timestampBase;
    private ExtendedSequence? _next;
    private int _position;
    private byte _tl0PicIdx;
    private bool _keyFrameWanted = true;

    internal TestEncoding(TestSource source, int index, Rid? rid, LocalSource local, Random random)
    {
        _source = source;
        _random = random;
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
        var timestamp = new RtpTimestamp(_timestampBase + (uint)((now - MonotonicTime.Zero).TotalSeconds * codec.ClockRate));
        ExtendedSequence next = _next ?? sender.InitialSequence;
        for (int i = 0; i < frame.Packets; i++, next += 1)
        {
            int length = Write(frame, i, codec.PayloadType, timestamp);
            if (!RtpPacketView.TryParse(_packet.AsSpan(0, length), out RtpPacketView view))
                throw new InvalidOperationException("The writer and the parser disagree.");
            var plan = new RewritePlan
            {
                Sequence = next,
                Timestamp = timestamp,
                PayloadType = codec.PayloadType,
                RetransmissionPayloadType = codec.RetransmissionPayloadType,
                Marker = view.Marker,
                Extensions = Translation(extensions, HeaderExtensionKind.RtpStreamId),
            };
            sender.Send(plan, view);
            Keep(next, new SentPacket(plan with
            { Extensions = Translation(extensions, HeaderExtensionKind.RepairedRtpStreamId) }, _packet[..length]));
        }
        _next = next;
        sender.Timing = new SenderTiming(TestConnection.Clock.At(now), timestamp);
    }

    public void Resend(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
        if (_sent.TryGetValue(lost.Value, out SentPacket? packet) && RtpPacketView.TryParse(packet.Bytes, out RtpPacketView view))
            sender.Resend(packet.Plan, view, now);
    }

    private TestFrame NextAudio() => new(Frames.Count, 0, false, true, 1, 0, []);

    private TestFrame NextPicture()
    {
        bool isKey = _keyFrameWanted;
        _keyFrameWanted = false;
        _position = isKey || _source.Codec != CodecKind.Vp8 ? 0 : (_position + 1) % Pattern.Length;
        int temporal = Pattern[_position], number = Frames.Count;
        if (temporal == 0)
            _tl0PicIdx++;
        bool isSync = _position is 1 or 2;
        int[] references = isKey ? [] : temporal == 0 || isSync ? [_newest[0]] : [_newest[0], _newest[1], _newest[2]];
        if (isKey)
            _newest.AsSpan().Fill(number);
        _newest[temporal] = number;
        return new TestFrame(number, temporal, isSync, isKey, PacketsOfNext(), _tl0PicIdx, references);
    }

    private int PacketsOfNext() => _source.PacketsPerFrame is { } packets ? packets[Index]
        : _random.Next(1, _source.MaxPacketsPerFrame + 1);

    /// <summary>The section's name is the sender's to write; here goes what else its receiver is to read.</summary>
    private int Write(TestFrame frame, int packet, PayloadType payloadType, RtpTimestamp timestamp)
    {
        var writer = new RtpPacketWriter(_packet);
        bool isAudio = _source.Kind == MediaKind.Audio;
        writer.WriteHeader(marker: !isAudio && packet == frame.Packets - 1, payloadType, default, timestamp, default);
        if (isAudio)
            writer.WriteExtension(AudioLevelElement, [(byte)(0x80 | _source.Decibels)]);
        else if (Rid is { } rid)
            writer.WriteExtension(AudioLevelElement, System.Text.Encoding.ASCII.GetBytes(rid.Value));
        int header = writer.FinishHeader();
        return header + TestMediaPayload.Write(_packet.AsSpan(header), _source.Codec, _source.Id, Index, frame, packet);
    }

    private ExtensionTranslation? Translation(HeaderExtensionMap extensions, HeaderExtensionKind rid)
    {
        byte id = extensions.IdOf(_source.Kind == MediaKind.Audio ? HeaderExtensionKind.AudioLevel : rid);
        return id == 0 ? null : new ExtensionTranslation(FromElement, new HeaderExtensionMap([new(HeaderExtensionKind.AudioLevel, id)]));
    }

    private void Keep(ExtendedSequence sequence, SentPacket packet)
    {
        _sent[sequence.Wire.Value] = packet;
        _sent.Remove((sequence - KeptPackets).Wire.Value);
    }

    private sealed record SentPacket(RewritePlan Plan, byte[] Bytes);
}
