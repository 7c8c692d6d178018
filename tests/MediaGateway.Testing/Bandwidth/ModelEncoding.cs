using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>The pictures of one encoding of a <see cref="VideoModel"/>: which they depend on, and how large they are.</summary>
internal sealed class ModelEncoding(VideoModel video, EncodingModel model, Random random)
{
    /// <summary>Longest payload of a packet, bytes.</summary>
    public const int MaxPayload = 1100;

    /// <summary>Parts of the rate that the temporal layers have each (libwebrtc's allocation of three: 0.4, 0.6, 1 of the rate).</summary>
    private static readonly double[] LayerParts = [0.4, 0.2, 0.4];

    /// <summary>Pictures of each layer among four.</summary>
    private static readonly int[] LayerPictures = [1, 1, 2];

    private const int RestingBytes = 60;

    private readonly PictureSequence _pictures = new(video.HasTemporalLayers);
    private MonotonicTime _nextKeyFrame;
    private MonotonicTime _nextChange;
    private double _debt;
    private bool _isResting = video.MeanBurst > TimeSpan.Zero;

    public List<TestFrame> Frames { get; } = [];

    /// <summary>Sizes of the pictures, bytes.</summary>
    public List<int> Sizes { get; } = [];

    /// <summary>Sequence number of the next packet; null before the first.</summary>
    public ExtendedSequence? NextSequence { get; set; }

    public bool IsKeyFrameWanted { get; set; } = true;

    /// <summary>
    /// Makes the next picture. An encoder keeps to its rate: what a key frame took that somebody asked for is saved on the pictures behind
    /// it, each half as large, and those are left out that come while it is half a second ahead.
    /// </summary>
    /// <returns>The picture, and its size in bytes; null for one that is left out.</returns>
    public (TestFrame Frame, int Bytes)? Next(MonotonicTime now)
    {
        double perSecond = model.Megabits * 1e6 / 8, perPicture = perSecond * video.Interval.TotalSeconds;
        if (_debt > perSecond / 2)
        {
            _debt -= perPicture;
            return null;
        }
        bool isPlanned = video.KeyFrameInterval is not null && now >= _nextKeyFrame, isKey = IsKeyFrameWanted || isPlanned;
        IsKeyFrameWanted = false;
        if (isKey && video.KeyFrameInterval is { } interval)
            _nextKeyFrame = now + interval;
        Rest(now);
        int bytes = isKey ? model.KeyFrameBytes : _isResting ? RestingBytes : SizeOf(perPicture, _pictures.NextLayer);
        if (isKey)
        {
            _debt += isPlanned ? 0 : bytes;
        }
        else if (_debt > 0)
        {
            bytes /= 2;
            _debt = Math.Max(0, _debt - perPicture + bytes);
        }
        int packets = (bytes + MaxPayload - 1) / MaxPayload;
        TestFrame frame = _pictures.Next(Frames.Count, isKey, packets) with { SentAt = now };
        Frames.Add(frame);
        Sizes.Add(bytes);
        return (frame, bytes);
    }

    /// <summary>Size of a picture of a layer, 20 % more or less.</summary>
    private int SizeOf(double mean, int layer)
    {
        if (video.HasTemporalLayers)
            mean *= 4 * LayerParts[layer] / LayerPictures[layer];
        return (int)(mean * (0.8 + 0.4 * random.NextDouble()));
    }

    private void Rest(MonotonicTime now)
    {
        if (video.MeanBurst == TimeSpan.Zero || now < _nextChange)
            return;
        _isResting = !_isResting;
        TimeSpan mean = _isResting ? video.MeanRest : video.MeanBurst;
        _nextChange = now + mean * -Math.Log(1 - random.NextDouble());
    }
}
