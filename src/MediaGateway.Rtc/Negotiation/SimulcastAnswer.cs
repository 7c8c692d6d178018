using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The simulcast streams we accept of an offer (RFC 8853 section 5.3.2).</summary>
internal static class SimulcastAnswer
{
    /// <summary>Browsers send at most three; each one costs state.</summary>
    private const int MaxEncodings = 4;
    private const string PayloadTypes = "pt=";

    /// <summary>One <c>recv</c> description per accepted stream, in the sender's order; empty without simulcast.</summary>
    public static ImmutableArray<RidDescription> Accept(MediaDescription offer, ImmutableArray<RtpCodec> codecs)
    {
        if (offer.Simulcast is not { } simulcast)
            return [];
        Dictionary<Rid, RidDescription> offered = [];
        foreach (RidDescription rid in offer.Rids)
        {
            if (rid.Direction == MediaDirection.Send)
                offered.TryAdd(rid.Rid, rid);
        }
        var accepted = ImmutableArray.CreateBuilder<RidDescription>();
        foreach (ImmutableArray<SimulcastEncoding> alternatives in simulcast.Send.Take(MaxEncodings))
        {
            if (Choose(alternatives, offered, codecs) is not { } chosen)
                continue;
            offered.Remove(chosen.Rid);
            accepted.Add(chosen);
        }
        return accepted.ToImmutable();
    }

    /// <summary>The first alternative that can be sent in a codec we accepted. A paused one is accepted unpaused.</summary>
    private static RidDescription? Choose(
        ImmutableArray<SimulcastEncoding> alternatives, Dictionary<Rid, RidDescription> offered, ImmutableArray<RtpCodec> codecs)
    {
        foreach (SimulcastEncoding alternative in alternatives)
        {
            if (offered.TryGetValue(alternative.Rid, out RidDescription? rid)
                && TryRestrict(rid.Restrictions, codecs, out string restrictions))
                return new RidDescription(rid.Rid, MediaDirection.Receive, restrictions);
        }
        return null;
    }

    /// <summary>
    /// RFC 8851 section 6.3: an answer repeats the restrictions, with only those payload types that were accepted;
    /// a stream left with none can't be.
    /// </summary>
    private static bool TryRestrict(string offered, ImmutableArray<RtpCodec> codecs, out string restrictions)
    {
        List<string> kept = [];
        restrictions = "";
        foreach (string restriction in offered.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!restriction.StartsWith(PayloadTypes, StringComparison.Ordinal))
            {
                kept.Add(restriction);
                continue;
            }
            string[] accepted = [.. restriction[PayloadTypes.Length..].Split(',').Where(format => IsAccepted(format, codecs))];
            if (accepted.Length == 0)
                return false;
            kept.Add(PayloadTypes + string.Join(',', accepted));
        }
        restrictions = string.Join(';', kept);
        return true;
    }

    private static bool IsAccepted(string format, ImmutableArray<RtpCodec> codecs) =>
        SdpTokens.TryParsePayloadType(format, out PayloadType payloadType) && codecs.Any(codec => codec.PayloadType == payloadType);
}
