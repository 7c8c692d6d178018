using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Translation of header extension elements of a publisher's packet for one subscriber: which go on, and under which local id. Elements
/// that speak about one hop only (MID, RID, transport-wide numbers, send times) never pass.
/// </summary>
public sealed class ExtensionTranslation
{
    private static readonly HeaderExtensionKind[] EndToEnd =
    [
        HeaderExtensionKind.AudioLevel,
        HeaderExtensionKind.VideoOrientation,
        HeaderExtensionKind.PlayoutDelay,
        HeaderExtensionKind.DependencyDescriptor,
        HeaderExtensionKind.AbsoluteCaptureTime,
        HeaderExtensionKind.VideoContentType,
        HeaderExtensionKind.ColorSpace,
    ];

    /// <summary>Local id of each of the publisher's ids; as long as the highest id that passes.</summary>
    private readonly byte[] _idOf;

    public ExtensionTranslation(HeaderExtensionMap from, HeaderExtensionMap to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        int highest = 0;
        foreach (HeaderExtensionKind kind in EndToEnd)
            highest = Math.Max(highest, from.IdOf(kind));
        _idOf = new byte[highest + 1];
        foreach (HeaderExtensionKind kind in EndToEnd)
        {
            byte source = from.IdOf(kind);
            if (source != 0)
                _idOf[source] = to.IdOf(kind);
        }
        DependencyDescriptorId = to.IdOf(HeaderExtensionKind.DependencyDescriptor) == 0
            ? (byte)0
            : from.IdOf(HeaderExtensionKind.DependencyDescriptor);
    }

    /// <summary>The publisher's id of a dependency descriptor that passes; 0 when none does.</summary>
    public byte DependencyDescriptorId { get; }

    /// <summary>The subscriber's id for a publisher's id; 0 when the element stays behind.</summary>
    public byte IdOf(byte sourceId) => sourceId < _idOf.Length ? _idOf[sourceId] : (byte)0;
}
