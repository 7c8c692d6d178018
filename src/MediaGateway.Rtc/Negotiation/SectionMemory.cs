using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// The sections of a session's last offer and of its answer, so that the next offer writes, and its answer reads, only what has
/// changed: where many are sent to, a newcomer adds two sections to dozens. Dozens are much the same, and what they have in common is
/// kept once. Kept by the caller for the session's life. Not thread-safe.
/// </summary>
public sealed class SectionMemory
{
    /// <summary>The section of each kind that was written last, which the next one is compared with.</summary>
    private readonly MediaDescription?[] _writtenLast = new MediaDescription?[2];

    /// <summary>The outcome of each kind that was found or added last.</summary>
    private readonly Accepted?[] _acceptedLast = new Accepted?[2];

    private Dictionary<Mid, Written> _written = [];
    private Dictionary<Mid, Accepted> _accepted = [];

    /// <summary>Finds a section as an earlier offer wrote it; null when none did, or when it said something else.</summary>
    internal MediaDescription? Find(OfferedMedia media, LocalTransport transport) =>
        _written.TryGetValue(media.Mid, out Written? known) && ReferenceEquals(known.Media, media) && SaysSame(known.Transport, transport)
            ? known.Section
            : null;

    /// <summary>Finds the outcome of the same section and the same answer to it; null when there is none.</summary>
    /// <param name="asked">The section of our offer.</param>
    /// <param name="answered">The section of the other side's answer, which has the same name.</param>
    /// <param name="direction">The direction that both sections and the session-level attributes add up to.</param>
    internal Accepted? Find(MediaDescription asked, MediaDescription answered, MediaDirection direction) =>
        asked.Mid is { } mid
        && _accepted.TryGetValue(mid, out Accepted? known)
        && ReferenceEquals(known.Asked, asked)
        && (known.Media.Receiving, known.Media.Sending) == (direction.HasFlag(MediaDirection.Receive),
            direction.HasFlag(MediaDirection.Send))
        && known.Answered.SaysSame(answered)
            ? known
            : null;

    /// <summary>The section of an offer as it is kept, in place of the one that holds the whole offer's text.</summary>
    internal MediaDescription Detach(OfferedMedia media, MediaDescription section) =>
        _writtenLast[(int)media.Kind] = section.Detach(_writtenLast[(int)media.Kind]);

    /// <summary>The outcome of a section as it is kept: what it has in common with another one's is that one's.</summary>
    internal Accepted Share(Accepted outcome)
    {
        ref Accepted? last = ref _acceptedLast[(int)outcome.Media.Kind];
        Accepted shared = outcome with
        {
            Answered = last is not null && last.Answered.SaysSame(outcome.Answered) ? last.Answered
                : outcome.Answered.Detach(last?.Answered),
            Media = Share(outcome.Media, last?.Media),
        };
        return last = shared;
    }

    /// <summary>Replaces what was known of the offer.</summary>
    internal void Keep(IEnumerable<Written> sections) => _written = sections.ToDictionary(section => section.Media.Mid);

    /// <summary>Replaces what was known of the answer.</summary>
    internal void Keep(IEnumerable<Accepted> sections) => _accepted = sections.ToDictionary(section => section.Media.Mid);

    private NegotiatedMedia Share(NegotiatedMedia media, NegotiatedMedia? last) => media with
    {
        Codecs = last is not null && last.Codecs.AsSpan().SequenceEqual(media.Codecs.AsSpan()) ? last.Codecs : media.Codecs,
        Extensions = last is not null && last.Extensions.Entries.SequenceEqual(media.Extensions.Entries) ? last.Extensions
            : media.Extensions,
        LocalSource = _written.TryGetValue(media.Mid, out Written? written) && written.Media.Source == media.LocalSource
            ? written.Media.Source
            : media.LocalSource,
    };

    /// <summary>Compares the transport parameters that every section repeats; only the first section has the candidates too.</summary>
    private static bool SaysSame(LocalTransport one, LocalTransport other) =>
        one.UsernameFragment == other.UsernameFragment && one.Password == other.Password && one.Fingerprint.Equals(other.Fingerprint);

    internal sealed record Written(OfferedMedia Media, LocalTransport Transport, MediaDescription Section);

    internal sealed record Accepted(MediaDescription Asked, MediaDescription Answered, NegotiatedMedia Media);
}
