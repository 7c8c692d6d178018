using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Sfu.Media;

/// <summary>The origin of a publication's media: a remote peer, another worker, or the gateway itself.</summary>
internal interface IMediaOrigin
{
    /// <summary>The origin's clock against the gateway's, from its sender reports; unknown where there are none.</summary>
    public RemoteClock Clock { get; }

    /// <summary>True when the origin has ended: nothing more comes, and it cannot be asked for anything.</summary>
    public bool IsClosed { get; }

    /// <summary>Asks for a key frame; the origin throttles.</summary>
    public void RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now);

    /// <summary>A bug of the gateway's was hit while the origin's media were handled.</summary>
    public void OnFault(Exception fault, MonotonicTime now);
}
