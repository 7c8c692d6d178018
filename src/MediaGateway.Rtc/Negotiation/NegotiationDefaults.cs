using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>What the gateway can do with media, before any wish of an operator or a room.</summary>
public static class NegotiationDefaults
{
    public static readonly ImmutableArray<CodecKind> Codecs = [.. Enum.GetValues<CodecKind>()];

    /// <summary>The SCTP port that our descriptions name (RFC 8841 section 5).</summary>
    public const int SctpPort = 5000;

    /// <summary>Bytes of the longest data channel message that we take, as our descriptions say it.</summary>
    public const int MaxMessageSize = 256 * 1024;

    /// <summary>What we read from a publisher, or pass on to viewers.</summary>
    public static readonly ImmutableArray<HeaderExtensionKind> ReceivedExtensions =
    [
        HeaderExtensionKind.Mid,
        HeaderExtensionKind.RtpStreamId,
        HeaderExtensionKind.RepairedRtpStreamId,
        HeaderExtensionKind.AudioLevel,
        HeaderExtensionKind.TransportSequenceNumber,
        HeaderExtensionKind.VideoOrientation,
        HeaderExtensionKind.DependencyDescriptor,
        HeaderExtensionKind.PlayoutDelay,
        HeaderExtensionKind.AbsoluteCaptureTime,
        HeaderExtensionKind.VideoContentType,
        HeaderExtensionKind.ColorSpace,
    ];

    /// <summary>What we write for a viewer; nothing that would promise an estimate of the path to it.</summary>
    public static readonly ImmutableArray<HeaderExtensionKind> SentExtensions =
    [
        HeaderExtensionKind.Mid,
        HeaderExtensionKind.AudioLevel,
        HeaderExtensionKind.VideoOrientation,
        HeaderExtensionKind.DependencyDescriptor,
        HeaderExtensionKind.PlayoutDelay,
        HeaderExtensionKind.AbsoluteCaptureTime,
        HeaderExtensionKind.VideoContentType,
        HeaderExtensionKind.ColorSpace,
    ];
}
