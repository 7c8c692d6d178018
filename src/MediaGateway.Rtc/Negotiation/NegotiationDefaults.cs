using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Media capabilities of the gateway before an operator or a room restricts them.</summary>
public static class NegotiationDefaults
{
    public static readonly ImmutableArray<CodecKind> Codecs = [.. Enum.GetValues<CodecKind>()];

    /// <summary>The SCTP port that our descriptions name (RFC 8841 section 5).</summary>
    public const int SctpPort = 5000;

    /// <summary>Bytes of the longest data channel message that we take, as our descriptions say it.</summary>
    public const int MaxMessageSize = 256 * 1024;

    /// <summary>Header extensions that we read from a publisher or pass on to viewers.</summary>
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

    /// <summary>
    /// Header extensions that we write for a viewer; the time of sending only where its own estimate needs it, for want of feedback.
    /// </summary>
    public static readonly ImmutableArray<HeaderExtensionKind> SentExtensions =
    [
        HeaderExtensionKind.Mid,
        HeaderExtensionKind.AudioLevel,
        HeaderExtensionKind.TransportSequenceNumber,
        HeaderExtensionKind.AbsoluteSendTime,
        HeaderExtensionKind.VideoOrientation,
        HeaderExtensionKind.DependencyDescriptor,
        HeaderExtensionKind.PlayoutDelay,
        HeaderExtensionKind.AbsoluteCaptureTime,
        HeaderExtensionKind.VideoContentType,
        HeaderExtensionKind.ColorSpace,
    ];

    /// <summary>
    /// The same for our own offers, which clients that have an estimate of their own answer with transport-wide feedback.
    /// </summary>
    public static readonly ImmutableArray<HeaderExtensionKind> OfferedExtensions =
        [.. SentExtensions.Where(kind => kind != HeaderExtensionKind.AbsoluteSendTime)];

    /// <summary>The same for a gateway that does not ask what the way to a viewer carries.</summary>
    public static readonly ImmutableArray<HeaderExtensionKind> UnnumberedExtensions =
        [.. OfferedExtensions.Where(kind => kind != HeaderExtensionKind.TransportSequenceNumber)];
}
