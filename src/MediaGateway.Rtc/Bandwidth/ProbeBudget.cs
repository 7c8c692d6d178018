using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>Bytes of filler that may be sent: a small part of all that is sent, and a little while nothing is.</summary>
internal sealed class ProbeBudget
{
    /// <summary>Part of what is sent.</summary>
    private const double Part = 0.022;

    /// <summary>Bytes a second that there are beside: for a picture that is paused.</summary>
    private const double PerSecond = 200;

    /// <summary>Bytes at the beginning, and after a jump of the demand: probes of 30, 100 and 200 ms to 2 Mb/s.</summary>
    private const double First = 75_000;

    private const double Most = 75_000;

    private double _bytes = First;
    private MonotonicTime _updated;

    public double Bytes => _bytes;

    public void OnSent(int bytes, MonotonicTime now)
    {
        double seconds = _updated == default ? 0 : Math.Min((now - _updated).TotalSeconds, 60);
        _updated = now;
        _bytes = Math.Min(Math.Max(Most, _bytes), _bytes + Part * bytes + PerSecond * seconds);
    }

    public void OnFiller(int bytes) => _bytes -= bytes;

    /// <summary>The demand has jumped: what the first probes take is there again.</summary>
    public void Refill() => _bytes = Math.Max(_bytes, First);

    /// <summary>The path has turned out to carry more: what the next probe takes is there.</summary>
    public void Allow(double bytes) => _bytes = Math.Max(_bytes, Math.Min(bytes, First));

    /// <summary>A probe has shown nothing, through no fault of its own: half of it is given back.</summary>
    public void Refund(long bytes) => _bytes += bytes / 2.0;

    /// <summary>Time until there are so many bytes, while so much is sent.</summary>
    public TimeSpan TimeUntil(double bytes, double sentRate) =>
        TimeSpan.FromSeconds(Math.Clamp((bytes - _bytes) / (Part * sentRate / 8 + PerSecond), 0, 60));
}
