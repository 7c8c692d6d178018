using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Sfu.Media;

/// <summary>Where a publication's media comes from: a remote peer, or something of the gateway's own.</summary>
internal interface IMediaOrigin
{
    /// <summary>Its clock against ours, from its sender reports; never known where there are none.</summary>
    public RemoteClock Clock { get; }

    /// <summary>Whether it can be asked for anything any more.</summary>
    public bool IsClosed { get; }

    /// <summary>Asks for a key frame; the origin throttles.</summary>
    public void RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now);

    /// <summary>Its media met a bug of ours.</summary>
    public void OnFault(Exception fault, MonotonicTime now);
}
