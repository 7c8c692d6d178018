using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.LoadTester.Media;

/// <summary>One track that is made up: frames by the clock, a key frame when one is asked for.</summary>
internal sealed class SyntheticTrack
{
    /// <summary>An encoder makes no more of them, however many viewers ask; as libwebrtc's.</summary>
    private static readonly TimeSpan KeyFrameInterval = TimeSpan.FromMilliseconds(300);

    private readonly TrackSettings _settings;
    private readonly TrackWiring _wiring;
    private readonly SentPackets _sent = new();
    private readonly double _timestampStep;
    private readonly RtpTimestamp _firstTimestamp = new(90_000);
    private ExtendedSequence _sequence;
    private long _frame;
    private int _packetOfFrame;
    private bool _keyFrameWanted = true;
    private bool _isKeyFrame;
    private MonotonicTime _lastKeyFrame;
    private MonotonicTime _start;

    public SyntheticTrack(TrackSettings settings, TrackWiring wiring, MonotonicTime start)
    {
        _settings = settings;
        _wiring = wiring;
        _sequence = wiring.InitialSequence;
        _timestampStep = wiring.ClockRate / settings.FramesPerSecond;
        _start = start;
        NextPacket = start;
    }

    /// <summary>Time at which the next packets are due.</summary>
    public MonotonicTime NextPacket { get; private set; }

    public long PacketsSent { get; private set; }

    public long KeyFramesSent { get; private set; }

    public RtpTimestamp Timestamp => new(_firstTimestamp.Value + (uint)(_frame * _timestampStep));

    /// <summary>Time at which the newest frame was due, and its timestamp, for sender reports.</summary>
    public (MonotonicTime Due, RtpTimestamp Timestamp) Newest { get; private set; }

    public int PayloadBytes => _settings.PayloadBytes;

    public Ssrc Ssrc => _wiring.Ssrc;

    public void RequestKeyFrame() => _keyFrameWanted = true;

    /// <summary>Sends the packets that are due: a whole frame, or as many as its spread says.</summary>
    public void Send(IPacketOutput output, MonotonicTime now)
    {
        // Frames that the tester was too late for are not sent in a heap: no encoder would. The next keeps its place between two.
        if (now - NextPacket > _settings.FrameInterval && _packetOfFrame == 0)
            _start += _settings.FrameInterval * Math.Floor((now - NextPacket) / _settings.FrameInterval);
        int packets = _settings.PacketsPerFrame;
        do
        {
            if (_packetOfFrame == 0)
                BeginFrame(now);
            SendPacket(output);
            _packetOfFrame++;
        }
        while (_packetOfFrame < packets && DueOf(_packetOfFrame) <= now);
        if (_packetOfFrame == packets)
        {
            _packetOfFrame = 0;
            _frame++;
        }
        NextPacket = DueOf(_packetOfFrame);
    }

    public void Resend(IPacketOutput output, SequenceNumber number)
    {
        if (!_sent.TryGet(number, out ExtendedSequence index, out ReadOnlySpan<byte> packet, out int headerLength)
            || !output.TryReserve(out Span<byte> slot))
            return;
        packet.CopyTo(slot);
        output.Send(slot, packet.Length, headerLength, _wiring.Ssrc, index);
    }

    private MonotonicTime DueOf(int packet) =>
        _start + (_settings.FrameInterval * (_frame + (_settings.Spread * packet / _settings.PacketsPerFrame)));

    private void BeginFrame(MonotonicTime now)
    {
        Newest = (DueOf(0), Timestamp);
        _isKeyFrame = _keyFrameWanted && (_frame == 0 || now - _lastKeyFrame >= KeyFrameInterval);
        if (!_isKeyFrame)
            return;
        _keyFrameWanted = false;
        _lastKeyFrame = now;
        KeyFramesSent++;
    }

    private void SendPacket(IPacketOutput output)
    {
        if (!output.TryReserve(out Span<byte> slot))
            return;
        bool isLast = _packetOfFrame == _settings.PacketsPerFrame - 1;
        var writer = new RtpPacketWriter(slot);
        writer.WriteHeader(isLast && !_settings.IsAudio, _wiring.PayloadType, _sequence.Wire, Timestamp, _wiring.Ssrc);
        _wiring.WriteExtensions(ref writer, output.NextTransportSequence());
        int headerLength = writer.FinishHeader();
        Span<byte> payload = slot.Slice(headerLength, _settings.PayloadBytes);
        var position = new FramePosition(_frame, _isKeyFrame, _packetOfFrame == 0, isLast);
        ProbePayload.Write(payload, _settings.Codec, position, new ProbeHeader(_wiring.Source, PacketsSent, DateTime.UtcNow.Ticks));
        int length = headerLength + payload.Length;
        _sent.Add(_sequence, slot[..length], headerLength);
        output.Send(slot, length, headerLength, _wiring.Ssrc, _sequence);
        _sequence += 1;
        PacketsSent++;
    }
}
