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

    public static bool IsValidAnywhere(SdpLine attribute)
    {
        ReadOnlySpan<char> value = attribute.AttributeValue;
        return attribute.AttributeName switch
        {
            "ice-ufrag" => SdpTokens.IsIceText(value, MinUsernameFragment),
            "ice-pwd" => SdpTokens.IsIceText(value, MinPassword),
            "setup" => SdpSetups.TryParse(value, out _),
            "group" => MediaGroup.IsValid(value),
            "extmap" => ExtensionMapping.TryCut(value, out _, out _, out _, out _),
            "mid" => SdpTokens.IsToken(value),
            _ => true,
        };
    }

    /// <summary>
    /// Tells whether a candidate can be read as text. One that cannot is not used (RFC 8839 section 5.1 has unknown ones ignored), and an
    /// empty one says that no more will come.
    /// </summary>
    public static bool IsUsableCandidate(ReadOnlySpan<char> value) => value.Length > 0 && !value.ContainsAnyExceptInRange(' ', '~');

    /// <summary>Attributes whose grammar names payload types, checked in audio and video sections only.</summary>
    public static bool IsValidInRtpMedia(SdpLine attribute)
    {
        ReadOnlySpan<char> value = attribute.AttributeValue;
        return attribute.AttributeName switch
        {
            "rtpmap" => RtpMap.TryCut(value, out _, out _, out _, out _),
            "fmtp" => FormatParameters.TryCut(value, out _, out _),
            "rtcp-fb" => RtcpFeedback.TryCut(value, out _, out _),
            "rid" => RidDescription.TryParse(value, out _),
            "simulcast" => SimulcastDescription.TryParse(value, out _),
            "ssrc" => SourceAttribute.TryCut(value, out _, out _),
            "ssrc-group" => SourceGroup.TryCut(value, out _, out _),
            "msid" => MediaStreamId.TryCut(value, out _, out _),
            _ => true,
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
