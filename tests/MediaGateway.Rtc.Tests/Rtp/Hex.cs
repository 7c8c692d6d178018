namespace MediaGateway.Rtc.Tests.Rtp;

internal static class Hex
{
    /// <summary>Bytes from hexadecimal digits; blanks and line breaks are layout.</summary>
    public static byte[] Bytes(string digits) => Convert.FromHexString(string.Concat(digits.Where(c => !char.IsWhiteSpace(c))));
}
