using System.Globalization;

namespace MediaGateway.Server.CommandLine;

/// <summary>A duration as people write it: 90s, 30m, 6h, 7d.</summary>
internal static class Lifetime
{
    private const int MaxAmount = 100_000;

    public static bool TryParse(string text, out TimeSpan lifetime)
    {
        lifetime = default;
        if (text.Length < 2
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int amount)
            || amount is < 1 or > MaxAmount)
        {
            return false;
        }
        lifetime = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(amount),
            'm' => TimeSpan.FromMinutes(amount),
            'h' => TimeSpan.FromHours(amount),
            'd' => TimeSpan.FromDays(amount),
            _ => TimeSpan.Zero,
        };
        return lifetime > TimeSpan.Zero;
    }
}
