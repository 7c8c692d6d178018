using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>What a source has at the moment: of each kind nothing, one publication, or the same media in several codecs.</summary>
/// <param name="Video">Its video.</param>
/// <param name="Audio">Its audio.</param>
internal readonly record struct SourceMedia(ImmutableArray<Publication> Video, ImmutableArray<Publication> Audio)
{
    public static readonly SourceMedia None = new([], []);

    public bool IsEmpty => Video.IsDefaultOrEmpty && Audio.IsDefaultOrEmpty;

    public IEnumerable<Publication> All => Video.Concat(Audio);

    public static SourceMedia Of(Publication? video, Publication? audio) => new(video is null ? [] : [video], audio is null ? [] : [audio]);

    public bool IsSame(in SourceMedia other) =>
        Video.AsSpan().SequenceEqual(other.Video.AsSpan()) && Audio.AsSpan().SequenceEqual(other.Audio.AsSpan());

    /// <summary>What a subscription takes of it: what is in the codec it is being sent, else the first it can be sent; null for none.</summary>
    public Publication? For(Subscription subscription)
    {
        ImmutableArray<Publication> choices = subscription.Kind == MediaKind.Video ? Video : Audio;
        return choices.Length <= 1 ? choices.FirstOrDefault() : Choose(choices, subscription);
    }

    private static Publication? Choose(ImmutableArray<Publication> choices, Subscription subscription)
    {
        CodecKind? sent = subscription.Forwarder.Current?.Codec?.Kind;
        return choices.FirstOrDefault(choice => choice.Codec.Kind == sent)
            ?? choices.FirstOrDefault(choice => subscription.Sender.Codecs.Any(codec => CodecMatch.IsCompatible(choice.Codec, codec)));
    }
}
