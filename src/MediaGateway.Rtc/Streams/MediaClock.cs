using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Relation of a received stream's RTP timestamps to our clock: as its sender reports tell it while they can be believed, else as its
/// packets arrive. A report is believed that goes with the packets, whatever else it says.
/// <para><b>Invariant: the newest packet is never further from its arrival than <see cref="Limit"/>.</b></para>
/// </summary>
/// <param name="clockRate">Of the timestamps, Hz.</param>
public sealed class MediaClock(int clockRate)
{
    /// <summary>
    /// Longest time by which the moment of a packet may differ from its arrival: what capture, encoding, pacing and the network take, and
    /// less than the half second by which receivers can be told to wait.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(400);

    /// <summary>Difference from the report before that takes a second report to be believed.</summary>
    private static readonly TimeSpan Surprise = TimeSpan.FromMilliseconds(100);

    /// <summary>Time for which a report holds: six of the longest interval of sound alone. Clock rates drift meanwhile.</summary>
    private static readonly TimeSpan ReportLifetime = TimeSpan.FromSeconds(30);

    /// <summary>Half the time over which the packet with the least delay stands for all.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>Change from which on those who copy the relation are told.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    // By the packets: arrival - timestamp of the least delayed packet of this window and of the one before, with the newest packet's
    // timestamp on the same scale.
    private ExtendedSequence _newest = new(long.MinValue);
    private RtpTimestamp _timestamp;
    private long _units;
    private TimeSpan _least;
    private TimeSpan _leastBefore;
    private MonotonicTime _windowStart;

    // By the reports: the last one that was looked at, and the last one that is believed, with its moment by our clock.
    private SenderReportInfo? _judged;
    private SenderReportInfo? _believed;
    private MonotonicTime _believedTime;

    /// <summary>Deviation from the packets of a report that is not believed until another one says the same; null without.</summary>
    private TimeSpan? _doubted;

    /// <summary>Grows whenever the relation changes; 0 before the first packet.</summary>
    public int Version { get; private set; }

    /// <summary>True when the relation is the sender's own, and so holds among all its streams.</summary>
    public bool IsReported { get; private set; }

    /// <summary>Moment of <see cref="Timestamp"/>.</summary>
    public MonotonicTime Time { get; private set; }

    public RtpTimestamp Timestamp { get; private set; }

    /// <summary>The moment of a timestamp near <see cref="Timestamp"/>.</summary>
    public MonotonicTime TimeOf(RtpTimestamp timestamp) => Time + DurationOf(timestamp.DistanceFrom(Timestamp));

    /// <summary>Notes a packet. One that comes late, as retransmissions do, says nothing.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="timestamp">Its timestamp.</param>
    /// <param name="report">The stream's last sender report; null before the first.</param>
    /// <param name="remote">The sender's clock.</param>
    /// <param name="now">Its arrival.</param>
    public void OnPacket(ExtendedSequence sequence, RtpTimestamp timestamp, in SenderReportInfo? report, RemoteClock remote,
        MonotonicTime now)
    {
        if (sequence <= _newest)
            return;
        Measure(timestamp, isFirst: _newest.Value == long.MinValue, now);
        _newest = sequence;
        if (report is { } told && told.Arrival != _judged?.Arrival)
            Judge(told, remote);
        IsReported = _believed is { } believed && now - believed.Arrival <= ReportLifetime
            && (now - TimeByReport(timestamp)).Duration() <= Limit;
        Set(IsReported ? TimeByReport(timestamp) : Arrival);
    }

    /// <summary>Arrival of the newest packet if it had been delayed as little as any of the last seconds.</summary>
    private MonotonicTime Arrival => MonotonicTime.Zero + (_least < _leastBefore ? _least : _leastBefore) + DurationOf(_units);

    private void Measure(RtpTimestamp timestamp, bool isFirst, MonotonicTime now)
    {
        _units = isFirst ? 0 : _units + timestamp.DistanceFrom(_timestamp);
        _timestamp = timestamp;
        TimeSpan offset = now - MonotonicTime.Zero - DurationOf(_units);
        if (isFirst || (now - Arrival).Duration() > Limit)
        {
            // The timestamps, or the network, have left the place where they were.
            _units = 0;
            _least = _leastBefore = now - MonotonicTime.Zero;
            _windowStart = now;
        }
        else if (now - _windowStart >= Window)
        {
            (_leastBefore, _least, _windowStart) = (_least, offset, now);
        }
        else if (offset < _least)
        {
            _least = offset;
        }
    }

    private void Judge(in SenderReportInfo report, RemoteClock remote)
    {
        bool standsStill = report.RemoteTime == _judged?.RemoteTime;
        _judged = report;
        if (standsStill || !remote.IsPlausible(report.RemoteTime, report.Arrival))
            return;
        MonotonicTime time = remote.ToLocal(report.RemoteTime);
        TimeSpan deviation = time - (Arrival + DurationOf(report.Timestamp.DistanceFrom(_timestamp)));
        if (deviation.Duration() > Limit)
            return;
        if (IsReported && (time - TimeByReport(report.Timestamp)).Duration() > Surprise
            && (_doubted is not { } doubted || (deviation - doubted).Duration() > Surprise))
        {
            _doubted = deviation;
            return;
        }
        (_believed, _believedTime, _doubted) = (report, time, null);
    }

    private MonotonicTime TimeByReport(RtpTimestamp timestamp) =>
        _believedTime + DurationOf(timestamp.DistanceFrom(_believed.GetValueOrDefault().Timestamp));

    private void Set(MonotonicTime time)
    {
        if (Version > 0 && (TimeOf(_timestamp) - time).Duration() < Step)
            return;
        (Time, Timestamp) = (time, _timestamp);
        Version++;
    }

    private TimeSpan DurationOf(long units) =>
        new((units / clockRate * TimeSpan.TicksPerSecond) + (units % clockRate * TimeSpan.TicksPerSecond / clockRate));
}
