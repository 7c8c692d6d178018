using System.Collections.Immutable;
using System.Text;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>
/// A publisher with a picture of a model and sound at 50 packets a second. It paces its pictures at 2.5 times their rate, as browsers
/// do, and remembers them, so that viewers know what each needs to be decoded. Its own line loses nothing.
/// </summary>
public sealed class ModelPublisher : TestPeer
{
    private const double PacingFactor = 2.5;
    private const int AudioBytes = 80;

    private static readonly TimeSpan AudioInterval = TimeSpan.FromMilliseconds(20);
    private static readonly NtpClock Clock = new(new NtpTime(0xD000_0000_0000_0000));

    private readonly ImmutableArray<ModelEncoding> _encodings;
    private readonly List<TestFrame> _audio = [];
    private readonly Queue<(int Encoding, TestFrame Frame, int Packet, int Bytes)> _paced = new();
    private readonly byte[] _payload = new byte[ModelEncoding.MaxPayload];
    private readonly double _bytesPerSecond;
    private List<RtpSender>? _pictures;
    private MonotonicTime _nextPicture;
    private MonotonicTime _nextAudio;
    private MonotonicTime _nextPacket;
    private ExtendedSequence? _audioSequence;

    public ModelPublisher(IDatagramSender datagrams, IDtlsContext dtls, IEntropy entropy, VideoModel video, int seed)
        : base(datagrams, dtls, entropy, MediaOf(video))
    {
        Video = video;
        var random = new Random(seed);
        _encodings = [.. video.Encodings.Select(model => new ModelEncoding(video, model, random))];
        _bytesPerSecond = PacingFactor * video.Encodings.Sum(model => model.Megabits) * 1e6 / 8;
    }

    public VideoModel Video { get; }

    /// <summary>Key frames that were asked for, of any encoding.</summary>
    public int KeyFrameRequests { get; private set; }

    /// <summary>The pictures of an encoding that were sent, and their sizes in bytes.</summary>
    public IEnumerable<(bool IsKey, int Temporal, int Bytes)> Sent(int encoding) => _encodings[encoding].Frames
        .Zip(_encodings[encoding].Sizes, static (frame, bytes) => (frame.IsKey, frame.Temporal, bytes));

    public override void OnKeyFrameRequest(RtpSender sender, MonotonicTime now)
    {
        KeyFrameRequests++;
        _encodings[Pictures.IndexOf(sender)].IsKeyFrameWanted = true;
    }

    /// <summary>Finds the picture or the sound that a packet says it is of.</summary>
    internal TestFrame Find(MediaKind kind, int encoding, int number) =>
        kind == MediaKind.Audio ? _audio[number] : _encodings[encoding].Frames[number];

    protected override MonotonicTime OnMediaTick(MonotonicTime now)
    {
        if (_nextPicture == default)
            _nextPicture = _nextAudio = _nextPacket = now;
        for (; _nextAudio <= now; _nextAudio += AudioInterval)
            SendAudio(now);
        for (; _nextPicture <= now; _nextPicture += Video.Interval)
            MakePictures(now);
        while (_paced.Count > 0 && _nextPacket <= now)
            SendPacket(now);
        MonotonicTime next = MonotonicTime.Min(_nextAudio, _nextPicture);
        return _paced.Count > 0 ? MonotonicTime.Min(next, _nextPacket) : next;
    }

    private List<RtpSender> Pictures => _pictures ??= [.. Transport.Rtp.Senders.Where(sender => sender.Kind == MediaKind.Video)];

    private static TestPeerMedia MediaOf(VideoModel video) => new(MediaDirection.Send, [video.Codec])
    {
        Rids = [.. video.Encodings.Where(model => model.Rid is not null).Select(model => model.Rid!.Value)],
    };

    private void SendAudio(MonotonicTime now)
    {
        RtpSender sender = Transport.Rtp.Senders.First(sender => sender.Kind == MediaKind.Audio);
        var frame = new TestFrame(_audio.Count, 0, false, true, 1, 0, []) { SentAt = now };
        _audio.Add(frame);
        TestMediaPayload.WriteFields(_payload, sender.Codecs[0].Kind, 0, 0, frame, 0);
        ExtendedSequence sequence = _audioSequence ?? sender.InitialSequence;
        var timestamp = new RtpTimestamp((uint)(frame.Number * 960));
        var header = new OutgoingHeader(sequence, timestamp, sender.Codecs[0].PayloadType, Marker: false);
        sender.Send(header, _payload.AsSpan(0, AudioBytes), now);
        sender.Timing = new SenderTiming(Clock.At(now), timestamp);
        _audioSequence = sequence + 1;
    }

    private void MakePictures(MonotonicTime now)
    {
        if (_paced.Count == 0)
            _nextPacket = now;
        for (int encoding = 0; encoding < _encodings.Length; encoding++)
        {
            if (_encodings[encoding].Next(now) is not (var frame, var bytes))
                continue;
            for (int packet = 0; packet < frame.Packets; packet++)
                _paced.Enqueue((encoding, frame, packet, (bytes + packet) / frame.Packets));
        }
    }

    private void SendPacket(MonotonicTime now)
    {
        (int encoding, TestFrame frame, int packet, int bytes) = _paced.Dequeue();
        RtpSender sender = Pictures[encoding];
        int least = TestMediaPayload.WriteFields(_payload, Video.Codec, 0, encoding, frame, packet);
        int length = Math.Clamp(bytes, least, _payload.Length);
        ExtendedSequence sequence = _encodings[encoding].NextSequence ?? sender.InitialSequence;
        var timestamp = new RtpTimestamp((uint)((frame.SentAt - MonotonicTime.Zero).TotalSeconds * 90_000));
        var header = new OutgoingHeader(sequence, timestamp, sender.Codecs[0].PayloadType, Marker: packet == frame.Packets - 1);
        byte id = Video.Encodings[encoding].Rid is null ? (byte)0 : sender.Extensions.IdOf(HeaderExtensionKind.RtpStreamId);
        sender.Send(header, _payload.AsSpan(0, length), now, id, Encoding.ASCII.GetBytes(Video.Encodings[encoding].Rid?.Value ?? ""));
        sender.Timing = new SenderTiming(Clock.At(frame.SentAt), timestamp);
        _encodings[encoding].NextSequence = sequence + 1;
        _nextPacket += TimeSpan.FromSeconds(length / _bytesPerSecond);
    }
}
