using System.Globalization;

namespace MediaGateway.Grpc.Server;

/// <summary>How long a client gives a call.</summary>
internal static class CallTimeout
{
    /// <summary>A timer takes no more; who gives a call longer than this gives it for ever.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    private const int MaxGrpcDigits = 8;
    private const int MaxConnectDigits = 10;

    /// <summary><c>grpc-timeout</c>: up to eight digits and a unit.</summary>
    public static bool TryParseGrpc(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxGrpcDigits + 1 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            return false;
        long ticks = text[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 0,
            _ => -1,
        };
        if (ticks < 0)
            return false;
        timeout = ticks == 0 ? TimeSpan.FromTicks(value / TimeSpan.NanosecondsPerTick) : Bounded(value * (double)ticks);
        return true;
    }

    /// <summary><c>Connect-Timeout-Ms</c>: up to ten digits.</summary>
    public static bool TryParseConnect(string text, out TimeSpan timeout)
    {
        bool isNumber = text.Length is > 0 and <= MaxConnectDigits
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long _);
        timeout = isNumber ? Bounded(long.Parse(text, CultureInfo.InvariantCulture) * (double)TimeSpan.TicksPerMillisecond) : default;
        return isNumber;
    }

    private static TimeSpan Bounded(double ticks) => ticks >= Longest.Ticks ? Longest : TimeSpan.FromTicks((long)ticks);
}
