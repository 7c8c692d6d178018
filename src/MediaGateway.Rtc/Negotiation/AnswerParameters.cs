namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// The <c>a=fmtp</c> of an answer: the offer's, without what describes the offerer's own stream (<c>sprop-</c>, for
/// example H264 parameter sets) or the bounds of its decoder (<c>max-</c>, for example VP8 <c>max-fs</c>). We don't
/// decode, so repeating those would have a publisher scale down for nobody.
/// </summary>
internal static class AnswerParameters
{
    public static string Of(string offered)
    {
        foreach (Range parameter in offered.AsSpan().Split(';'))
        {
            if (!IsMirrored(offered.AsSpan(parameter)))
                return string.Join(';', offered.Split(';').Where(one => IsMirrored(one)));
        }
        return offered;
    }

    private static bool IsMirrored(ReadOnlySpan<char> parameter)
    {
        ReadOnlySpan<char> name = parameter.TrimStart(' ');
        return !name.StartsWith("sprop-", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("max-", StringComparison.OrdinalIgnoreCase);
    }
}
