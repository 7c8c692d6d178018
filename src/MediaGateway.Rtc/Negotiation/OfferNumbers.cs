using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Hands out payload types and header extension ids for the offers of one session, so that a number means one thing in all
/// sections (RFC 9143 section 9.1) and in all offers (RFC 3264 section 8.3.2): equal codecs share theirs. Codecs are equal
/// when their <c>a=fmtp</c> is, to the letter, so it should be one of a few: there are 61 numbers, and none comes back.
/// Not thread-safe.
/// </summary>
public sealed class OfferNumbers
{
    private const byte FirstDynamic = 96;
    private const byte LastDynamic = 127;

    /// <summary>RFC 9429 section 5.1.1: 35-63 serve when the dynamic range is full; 64-95 would look like RTCP (RFC 5761).</summary>
    private const byte FirstOverflow = 35;
    private const byte LastOverflow = 63;
    private const byte ReservedExtensionId = 15;

    private readonly List<(RtpCodec Wanted, RtpCodec Numbered)> _codecs = [];
    private readonly Dictionary<HeaderExtensionKind, byte> _extensions = [];
    private byte _nextPayloadType = FirstDynamic;

    internal ImmutableArray<RtpCodec> Codecs(ImmutableArray<RtpCodec> wanted)
    {
        // Redundancy names the payload type of what it wraps, so Opus has to be numbered first.
        foreach (RtpCodec codec in wanted.Where(codec => codec.Kind != CodecKind.Red))
            Number(codec);
        return [.. wanted.Select(Number)];
    }

    internal byte Extension(HeaderExtensionKind kind)
    {
        if (_extensions.TryGetValue(kind, out byte id))
            return id;
        id = (byte)(_extensions.Count + 1 < ReservedExtensionId ? _extensions.Count + 1 : _extensions.Count + 2);
        _extensions.Add(kind, id);
        return id;
    }

    private RtpCodec Number(RtpCodec wanted)
    {
        foreach ((RtpCodec other, RtpCodec numbered) in _codecs)
        {
            if (IsSame(other, wanted))
                return numbered with { Feedback = wanted.Feedback };
        }
        RtpCodec result = wanted with
        {
            PayloadType = NextPayloadType(),
            RetransmissionPayloadType = wanted.RetransmissionPayloadType is null ? null : NextPayloadType(),
            Parameters = wanted.Kind == CodecKind.Red ? RedundancyOf() : wanted.Parameters,
        };
        _codecs.Add((wanted, result));
        return result;
    }

    private static bool IsSame(RtpCodec a, RtpCodec b) =>
        (a.Kind, a.ClockRate, a.Channels) == (b.Kind, b.ClockRate, b.Channels)
        && (a.Parameters == b.Parameters || a.Kind == CodecKind.Red)
        && a.RetransmissionPayloadType.HasValue == b.RetransmissionPayloadType.HasValue;

    private string RedundancyOf()
    {
        RtpCodec opus = _codecs.FirstOrDefault(entry => entry.Numbered.Kind == CodecKind.Opus).Numbered
            ?? throw new ArgumentException("Red needs Opus in the same offer.");
        return $"{opus.PayloadType}/{opus.PayloadType}";
    }

    private PayloadType NextPayloadType()
    {
        if (_nextPayloadType == LastOverflow + 1)
            throw new ArgumentException("More codecs than payload types.");
        byte number = _nextPayloadType;
        _nextPayloadType = number == LastDynamic ? FirstOverflow : (byte)(number + 1);
        return new PayloadType(number);
    }
}
