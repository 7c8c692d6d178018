using MediaGateway.Rtc.Codecs;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>Format of what a <see cref="LayeredPublisher"/> sends.</summary>
/// <param name="Codec">The codec.</param>
/// <param name="Encodings">Number of simulcast encodings.</param>
/// <param name="SpatialLayers">Number of spatial layers of each encoding.</param>
/// <param name="HasTemporalLayers">True for three temporal layers, false for one.</param>
/// <param name="OnlyKeyPicturesPredictUpwards">K-SVC: a layer depends on the one below at key pictures only.</param>
/// <param name="HasDescriptor">True to send the dependency descriptor.</param>
/// <param name="HasUnreferredPictures">True when no picture refers to every second one, and H.264 says so.</param>
public sealed record LayeredFormat(
    CodecKind Codec, int Encodings, int SpatialLayers, bool HasTemporalLayers, bool OnlyKeyPicturesPredictUpwards = false,
    bool HasDescriptor = false, bool HasUnreferredPictures = false)
{
    public static readonly IReadOnlyDictionary<string, LayeredFormat> All = new Dictionary<string, LayeredFormat>
    {
        ["VP8 simulcast L1T3"] = new(CodecKind.Vp8, 3, 1, HasTemporalLayers: true),
        ["H264 simulcast"] = new(CodecKind.H264, 3, 1, HasTemporalLayers: false),
        ["H264 with pictures that none refers to"] = new(CodecKind.H264, 1, 1, HasTemporalLayers: false, HasUnreferredPictures: true),
        ["H264 simulcast L1T3 by descriptor"] = new(CodecKind.H264, 3, 1, HasTemporalLayers: true, HasDescriptor: true),
        ["VP9 simulcast L1T3"] = new(CodecKind.Vp9, 3, 1, HasTemporalLayers: true),
        ["VP9 L3T3_KEY"] = new(CodecKind.Vp9, 1, 3, HasTemporalLayers: true, OnlyKeyPicturesPredictUpwards: true),
        ["VP9 L3T3"] = new(CodecKind.Vp9, 1, 3, HasTemporalLayers: true),
        ["AV1 simulcast L1T3"] = new(CodecKind.Av1, 3, 1, HasTemporalLayers: true, HasDescriptor: true),
        ["AV1 L3T3_KEY"] = new(CodecKind.Av1, 1, 3, HasTemporalLayers: true, OnlyKeyPicturesPredictUpwards: true, HasDescriptor: true),
        ["AV1 L3T3"] = new(CodecKind.Av1, 1, 3, HasTemporalLayers: true, HasDescriptor: true),
    };

    /// <summary>Tells whether a subscriber with these limits gets a frame once its switches are done.</summary>
    public bool Includes(SentFrame frame, int encoding, int maxSpatial, int maxTemporal)
    {
        int top = Math.Min(maxSpatial, SpatialLayers - 1);
        bool isSpatial = HasDescriptor && OnlyKeyPicturesPredictUpwards && !frame.IsKey ? frame.Spatial == top : frame.Spatial <= top;
        bool isTemporal = maxTemporal == MaxLayers.KeyFrames ? frame.IsKey : frame.Temporal <= maxTemporal;
        return frame.Encoding == encoding && isSpatial && isTemporal;
    }
}
