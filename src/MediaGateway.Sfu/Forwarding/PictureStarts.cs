using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>Detector of the packets that pictures begin with, by their timestamps.</summary>
internal struct PictureStarts
{
    private RtpTimestamp _newest;
    private RtpTimestamp _newestWithLayers;

    /// <summary>Notes a packet of the source, which is ahead of all before.</summary>
    /// <param name="timestamp">Its timestamp.</param>
    /// <param name="layers">Its layers.</param>
    /// <returns>Whether it is the first of its picture, and whether it is the first of it that tells its layers.</returns>
    public (bool Any, bool WithLayers) Next(RtpTimestamp timestamp, in FrameLayers layers)
    {
        (bool, bool) starts = (timestamp != _newest, layers.HasLayers && timestamp != _newestWithLayers);
        _newest = timestamp;
        if (layers.HasLayers)
            _newestWithLayers = timestamp;
        return starts;
    }
}
