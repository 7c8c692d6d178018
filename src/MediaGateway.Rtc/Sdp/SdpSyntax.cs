namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// Grammar of the attribute values that the gateway acts on; a value outside its grammar is refused while parsing. An attribute
/// that the gateway does not know is kept as it is.
/// </summary>
internal static class SdpSyntax
{
    // RFC 8839 section 5.4.
    private const int MinUsernameFragment = 4;
    private const int MinPassword = 22;

    /// <summary>Finds a fault of an attribute that may stand on either level, as what it should be; null when there is none.</summary>
    public static string? FaultAnywhere(SdpLine attribute)
    {
        ReadOnlySpan<char> value = attribute.AttributeValue;
        return attribute.AttributeName switch
        {
            "ice-ufrag" when !SdpTokens.IsIceText(value, MinUsernameFragment) =>
                "a=ice-ufrag is 4 to 256 letters, digits and characters of + / - _ = #.",
            "ice-pwd" when !SdpTokens.IsIceText(value, MinPassword) =>
                "a=ice-pwd is 22 to 256 letters, digits and characters of + / - _ = #.",
            "setup" when !SdpSetups.TryParse(value, out _) => "a=setup is actpass, active or passive.",
            "group" when !MediaGroup.IsValid(value) =>
                "a=group is a word and the a=mid of each of its sections, with one space between two.",
            "extmap" when !ExtensionMapping.TryCut(value, out _, out _, out _, out _) =>
                "a=extmap is a number above 0, perhaps with a direction behind a slash, a space and a URI.",
            "mid" when !SdpTokens.IsToken(value) => "a=mid is one word of 1 to 255 visible characters.",
            _ => null,
        };
    }

    /// <summary>
    /// Tells whether a candidate can be read as text. One that cannot is not used (RFC 8839 section 5.1 has unknown ones ignored), and an
    /// empty one says that no more will come.
    /// </summary>
    public static bool IsUsableCandidate(ReadOnlySpan<char> value) => value.Length > 0 && !value.ContainsAnyExceptInRange(' ', '~');

    /// <summary>Attributes whose grammar names payload types, checked in audio and video sections only.</summary>
    public static string? FaultInRtpMedia(SdpLine attribute)
    {
        ReadOnlySpan<char> value = attribute.AttributeValue;
        return attribute.AttributeName switch
        {
            "rtpmap" when !RtpMap.TryCut(value, out _, out _, out _, out _) =>
                "a=rtpmap is a payload type of 0 to 127, a space, and NAME/CLOCK or NAME/CLOCK/CHANNELS.",
            "fmtp" when !FormatParameters.TryCut(value, out _, out _) =>
                "a=fmtp is a payload type of 0 to 127, a space, and parameters.",
            "rtcp-fb" when !RtcpFeedback.TryCut(value, out _, out _) =>
                "a=rtcp-fb is a payload type of 0 to 127 or *, a space, and the feedback.",
            "rid" when !RidDescription.TryParse(value, out _) =>
                "a=rid is an id of letters, digits, - and _, a space, send or recv, and perhaps restrictions.",
            "simulcast" when !SimulcastDescription.TryParse(value, out _) =>
                "a=simulcast is send or recv, a space, and ids of a=rid with ; between streams and , between alternatives.",
            "ssrc" when !SourceAttribute.TryCut(value, out _, out _) => "a=ssrc begins with a number below 2^32.",
            "ssrc-group" when !SourceGroup.TryCut(value, out _, out _) => "a=ssrc-group is a word and numbers below 2^32.",
            "msid" when !MediaStreamId.TryCut(value, out _, out _) =>
                "a=msid is the id of a stream, and perhaps a space and that of a track.",
            _ => null,
        };
    }

    /// <summary>An attribute that may stand only once in a section, because two of it would make us guess.</summary>
    public static bool IsSingle(ReadOnlySpan<char> name) => name is "mid" or "ice-ufrag" or "ice-pwd" or "setup" or "simulcast";

    public static bool IsRepeated(SdpLine attribute, ReadOnlySpan<SdpLine> before)
    {
        if (!IsSingle(attribute.AttributeName))
            return false;
        foreach (SdpLine line in before)
        {
            if (line.IsAttribute(attribute.AttributeName))
                return true;
        }
        return false;
    }
}
