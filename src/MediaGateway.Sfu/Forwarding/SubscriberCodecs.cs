using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>Choice of the codec of a subscriber in which a publisher's packets are sent to it.</summary>
internal static class SubscriberCodecs
{
    /// <summary>The subscriber's codec of the same kind, or Opus for RED, which is taken apart; null when it has neither.</summary>
    public static RtpCodec? Find(ImmutableArray<RtpCodec> codecs, RtpCodec published)
    {
        foreach (RtpCodec candidate in codecs)
        {
            if (CodecMatch.IsCompatible(published, candidate))
                return candidate;
        }
        if (published.Kind != CodecKind.Red)
            return null;
        foreach (RtpCodec candidate in codecs)
        {
            if (candidate.Kind == CodecKind.Opus)
                return candidate;
        }
        return null;
    }
}
