using System.Buffers.Binary;
using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// A still picture with silence, played by the worker's timer for as long as somebody is shown it. All streams of the worker
/// share it.
/// </summary>
internal sealed class Slate : TimerEntry, IMediaOrigin
{
    private const int VideoClockRate = 90_000;
    private const int AudioClockRate = 48_000;

    /// <summary>Interval of the packets of silence; a picture is sent with every fifth of them.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private const int IntervalsPerFrame = 5;

    /// <summary>Fewest frames between two key frames, which are costly: viewers that come together share one.</summary>
    private const int MinFramesPerRun = 3;

    /// <summary>Number of intervals for which it goes on when nobody is shown it.</summary>
    private const int IdleIntervals = 100;

    /// <summary>
    /// An Opus packet of 20 ms of silence (RFC 6716 section 3.1: a code 0 packet of a TOC byte, here with two bytes of silence).
    /// </summary>
    private static readonly byte[] Silence = [0xF8, 0xFF, 0xFE];

    /// <summary>
    /// The worker's context, but with drop counters of its own: packets in codecs that nobody watches are not the worker's drops.
    /// </summary>
    private readonly MediaContext _context;
    private readonly ImmutableArray<Track> _video;
    private readonly Track _audio;
    private readonly byte[] _packet = new byte[IDatagramSender.MaxDatagram];
    private MonotonicTime _next;
    private long _intervals;
    private long _idleSince;
    private int _frame;
    private bool _isRestartWanted;

    public Slate(ImmutableArray<SlateClip> clips, MediaContext context)
    {
        _context = context with { Drops = new DropCounters() };
        _video = [.. clips.Select(clip => new Track(this, clip))];
        _audio = new Track(this, new SlateClip(CodecKind.Opus, [[Silence]]));
        Publications = new SourcePublications([.. _video.Select(track => track.Publication)], [_audio.Publication]);
    }

    public SourcePublications Publications { get; }

    public RemoteClock Clock { get; } = new();

    public bool IsClosed => false;

    public void RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now) => Restart(now);

    public void OnFault(Exception fault, MonotonicTime now) =>
        throw new InvalidOperationException("A slate could not be forwarded.", fault);

    /// <summary>Begins again with a key frame at the next frame.</summary>
    public void Restart(MonotonicTime now)
    {
        _isRestartWanted = true;
        _idleSince = _intervals;
        if (IsScheduled)
            return;
        _next = now;
        _context.Timers.Schedule(this, now);
    }

    protected override void OnDue(MonotonicTime now)
    {
        // What was missed while the machine stood still would come all at once.
        _next = MonotonicTime.Max(_next, now - (Interval * IntervalsPerFrame));
        while (_next <= now)
        {
            if (_intervals % IntervalsPerFrame == 0)
                SendPicture(now);
            Send(_audio, 0, now);
            _intervals++;
            _next += Interval;
        }
        if (Publications.All.Any(publication => publication.SubscriptionCount > 0))
            _idleSince = _intervals;
        if (_intervals - _idleSince < IdleIntervals)
            _context.Timers.Schedule(this, _next);
    }

    private void SendPicture(MonotonicTime now)
    {
        if (_isRestartWanted && (_frame == 0 || _frame >= MinFramesPerRun))
            _frame = 0;
        if (_frame == 0)
            _isRestartWanted = false;
        foreach (Track track in _video)
            Send(track, _frame % track.Clip.Frames.Length, now);
        _frame++;
        if (_video.All(track => _frame % track.Clip.Frames.Length == 0))
            _frame = 0;
    }

    private void Send(Track track, int frame, MonotonicTime now)
    {
        ImmutableArray<ReadOnlyMemory<byte>> payloads = track.Clip.Frames[frame];
        var timestamp = new RtpTimestamp((uint)(long)((now - MonotonicTime.Zero).TotalSeconds * track.Codec.ClockRate));
        for (int i = 0; i < payloads.Length; i++)
        {
            var writer = new RtpPacketWriter(_packet);
            bool ends = i == payloads.Length - 1;
            writer.WriteHeader(track.Codec.MediaKind == MediaKind.Video
                && ends, track.Codec.PayloadType, track.Sequence.Wire, timestamp, default);
            int length = writer.FinishHeader();
            payloads[i].Span.CopyTo(_packet.AsSpan(length));
            if (track.Codec.Kind == CodecKind.Vp8)
                BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(length + 2), (ushort)(0x8000 | track.Pictures));
            ReadOnlySpan<byte> bytes = _packet.AsSpan(0, length + payloads[i].Length);
            if (RtpPacketView.TryParse(bytes, out RtpPacketView view))
                track.Publication.OnPacket(
                    new MediaPacket(track.Publication.Receiver.Encodings[0], track.Codec, track.Sequence, bytes, view), now, _context);
            track.Sequence += 1;
        }
        track.Pictures = (track.Pictures + 1) & 0x7FFF;
    }

    /// <summary>A publication of the slate: the picture in one codec, or the silence.</summary>
    private sealed class Track
    {
        public Track(Slate slate, SlateClip clip)
        {
            Clip = clip;
            bool isVideo = clip.Codec != CodecKind.Opus;
            Codec = new RtpCodec(
                clip.Codec,
                new PayloadType(96),
                isVideo ? VideoClockRate : AudioClockRate,
                isVideo ? 1 : 2,
                clip.Codec == CodecKind.H264 ? "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f" : "",
                RetransmissionPayloadType: null,
                RtcpFeedbackKinds.None);
            var receiver =
                new RtpReceiver(new Mid("0"), new MediaFormat(Codec.MediaKind, [Codec], HeaderExtensionMap.Empty), encodings: []);
            Publication = new Publication(slate, receiver);
        }

        public SlateClip Clip { get; }

        public RtpCodec Codec { get; }

        public Publication Publication { get; }

        public ExtendedSequence Sequence { get; set; }

        public int Pictures { get; set; }
    }
}
