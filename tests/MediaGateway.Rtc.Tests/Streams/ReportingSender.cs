using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

/// <summary>
/// A sender of sound and pictures over a network with some jitter, whose reports may be wrong, and what the gateway makes of it: how
/// far the moment of a packet is from its arrival, and how far sound and picture of one moment come apart.
/// </summary>
internal sealed class ReportingSender
{
    private static readonly NtpTime Origin = new(0xD000_0000_0000_0000);

    private readonly Random _random;
    private readonly RemoteClock _remote = new();
    private readonly Stream _video;
    private readonly Stream _audio;
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(5000);

    public ReportingSender(int seed)
    {
        _random = new Random(seed);
        _video = new Stream(90_000, TimeSpan.FromMilliseconds(33), _random.Next());
        _audio = new Stream(48_000, TimeSpan.FromMilliseconds(20), _random.Next());
    }

    public ReportFault Fault { get; set; }

    public int PartsPerMillion { get; init; }

    /// <summary>Seconds between two reports of the picture; those of the sound take five times as long.</summary>
    public double ReportInterval { get; init; } = 1;

    /// <summary>Time from the capture of a picture to its sending.</summary>
    public TimeSpan EncodingDelay { get; init; }

    public MediaClock Video => _video.Clock;

    public MediaClock Audio => _audio.Clock;

    public TimeSpan WorstDeviation { get; private set; }

    /// <summary>Longest time by which picture and sound came apart once both had time to report.</summary>
    public TimeSpan WorstSkew { get; private set; }

    public void JumpTimestamps(int units)
    {
        _video.FirstTimestamp += (uint)units;
        _audio.FirstTimestamp += (uint)(units / 7);
    }

    public void Run(TimeSpan time)
    {
        for (MonotonicTime end = _now + time; _now < end; _now += TimeSpan.FromMilliseconds(1))
        {
            Step(_video, EncodingDelay, ReportInterval);
            Step(_audio, TimeSpan.Zero, ReportInterval * 5);
        }
    }

    private void Step(Stream stream, TimeSpan delay, double reportInterval)
    {
        bool waits = Fault == ReportFault.BeforeFirstPacket && _now < MonotonicTime.FromMilliseconds(13_000);
        if (stream.NextPacket <= _now && !waits)
        {
            stream.NextPacket = MonotonicTime.Max(stream.NextPacket, _now - stream.Interval) + stream.Interval;
            RtpTimestamp timestamp = TimestampAt(stream, _now - delay);
            stream.Clock.OnPacket(stream.Sequence, timestamp, stream.Report, _remote, _now + Jitter());
            stream.Sequence += 1;
            Check(stream, timestamp, delay);
        }
        if (stream.NextReport > _now)
            return;
        stream.NextReport = _now + TimeSpan.FromSeconds(Math.Max(0.02, reportInterval));
        if (Fault != ReportFault.Absent)
            Report(stream);
    }

    private void Report(Stream stream)
    {
        MonotonicTime arrival = _now + Jitter();
        NtpTime time = Fault switch
        {
            ReportFault.WithoutClock => default,
            ReportFault.StandingStill => Origin,
            ReportFault.DoubleSpeed => Origin + ((_now - MonotonicTime.Zero) * 2),
            ReportFault.Random => new NtpTime((ulong)_random.NextInt64()),
            ReportFault.JumpsOnce when _random.Next(5) == 0 => Origin + (_now - MonotonicTime.Zero) + OffBy(),
            ReportFault.SetForward => Origin + (_now - MonotonicTime.Zero) + TimeSpan.FromHours(1),
            ReportFault.SetBack => Origin + (_now - MonotonicTime.Zero) - TimeSpan.FromHours(1),
            _ => Origin + (_now - MonotonicTime.Zero),
        };
        RtpTimestamp timestamp = Fault switch
        {
            ReportFault.ZeroTimestamp => default,
            ReportFault.WrongTimestamp when _random.Next(3) == 0 => new RtpTimestamp((uint)_random.NextInt64()),
            _ => TimestampAt(stream, _now),
        };
        stream.Report = new SenderReportInfo(time, timestamp, arrival);
        _remote.OnSenderReport(time, arrival);
    }

    private TimeSpan OffBy() => _random.Next(2) == 0 ? TimeSpan.FromHours(_random.Next(-2, 2)) : TimeSpan.FromSeconds(0.5);

    private void Check(Stream stream, RtpTimestamp timestamp, TimeSpan delay)
    {
        TimeSpan deviation = (_now - delay - stream.Clock.TimeOf(timestamp)).Duration();
        if (deviation > WorstDeviation)
            WorstDeviation = deviation;
        // From when each has reported twice.
        if (_now < MonotonicTime.FromMilliseconds(25_000) || _video.Clock.Version == 0)
            return;
        MonotonicTime moment = _now - TimeSpan.FromSeconds(0.2);
        TimeSpan skew = (Audio.TimeOf(TimestampAt(_audio, moment)) - Video.TimeOf(TimestampAt(_video, moment))).Duration();
        if (skew > WorstSkew)
            WorstSkew = skew;
    }

    private RtpTimestamp TimestampAt(Stream stream, MonotonicTime time) => new(
        stream.FirstTimestamp + (uint)(long)((time - MonotonicTime.Zero).TotalSeconds * stream.ClockRate * (1 + (PartsPerMillion * 1e-6))));

    private TimeSpan Jitter() => TimeSpan.FromMilliseconds(_random.NextDouble() * 15);

    private sealed class Stream(int clockRate, TimeSpan interval, int firstTimestamp)
    {
        public MediaClock Clock { get; } = new(clockRate);

        public int ClockRate { get; } = clockRate;

        public TimeSpan Interval { get; } = interval;

        public uint FirstTimestamp { get; set; } = (uint)firstTimestamp;

        public ExtendedSequence Sequence { get; set; } = new(1);

        public SenderReportInfo? Report { get; set; }

        public MonotonicTime NextPacket { get; set; }

        public MonotonicTime NextReport { get; set; }
    }
}
