using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Publications of a source at one moment: of each kind none, one, or several of the same content in different codecs.</summary>
/// <param name="Video">Publications of its video.</param>
/// <param name="Audio">Publications of its audio.</param>
internal readonly record struct SourcePublications(ImmutableArray<Publication> Video, ImmutableArray<Publication> Audio)
{
    public static readonly SourcePublications None = new([], []);

    public bool IsEmpty => Video.IsDefaultOrEmpty && Audio.IsDefaultOrEmpty;

    public IEnumerable<Publication> All => Video.Concat(Audio);

    public static SourcePublications Of(Publication? video, Publication? audio) =>
        new(video is null ? [] : [video], audio is null ? [] : [audio]);

    public bool IsSame(in SourcePublications other) =>
        Video.AsSpan().SequenceEqual(other.Video.AsSpan()) && Audio.AsSpan().SequenceEqual(other.Audio.AsSpan());

    /// <summary>
    /// The publication that a subscription takes: the one in the codec that is being sent, else the first that can be sent; null for
    /// none.
    /// </summary>
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
