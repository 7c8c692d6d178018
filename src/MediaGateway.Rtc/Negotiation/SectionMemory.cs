using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// The sections of a session's last offer and of its answer, so that the next offer writes, and its answer reads, only what has
/// changed: where many are sent to, a newcomer adds two sections to dozens. Kept by the caller for the session's life.
/// Not thread-safe.
/// </summary>
public sealed class SectionMemory
{
    private Dictionary<Mid, Written> _written = [];
    private Dictionary<Mid, Accepted> _accepted = [];

    /// <summary>As it was written before; null when it was not, or said something else.</summary>
    internal MediaDescription? Find(OfferedMedia media, LocalTransport transport) =>
        _written.TryGetValue(media.Mid, out Written? known) && ReferenceEquals(known.Media, media) && SaysSame(known.Transport, transport)
            ? known.Section
            : null;

    /// <summary>
    /// What came of the same section and the same answer to it; null when there was no such thing. From now on it stands in the new answer's
    /// text: not every section is to keep a text of its own.
    /// </summary>
    /// <param name="asked">Ours.</param>
    /// <param name="answered">The other side's.</param>
    /// <param name="direction">What both come to, with what stands above the sections.</param>
    internal Accepted? Find(MediaDescription asked, MediaDescription answered, MediaDirection direction) =>
        asked.Mid is { } mid
        && _accepted.TryGetValue(mid, out Accepted? known)
        && ReferenceEquals(known.Asked, asked)
        && (known.Media.Receiving, known.Media.Sending) == (direction.HasFlag(MediaDirection.Receive), direction.HasFlag(MediaDirection.Send))
        && known.Answered.Lines.SequenceEqual(answered.Lines)
            ? known with { Answered = answered }
            : null;

    /// <summary>Replaces what was known of the offer.</summary>
    internal void Keep(IEnumerable<Written> sections) => _written = sections.ToDictionary(section => section.Media.Mid);

    /// <summary>Replaces what was known of the answer.</summary>
    internal void Keep(IEnumerable<Accepted> sections) => _accepted = sections.ToDictionary(section => section.Media.Mid);

    /// <summary>What sections but the first say of it; that one has the candidates, too.</summary>
    private static bool SaysSame(LocalTransport one, LocalTransport other) =>
        one.UsernameFragment == other.UsernameFragment && one.Password == other.Password && one.Fingerprint.Equals(other.Fingerprint);

    internal sealed record Written(OfferedMedia Media, LocalTransport Transport, MediaDescription Section);

    internal sealed record Accepted(MediaDescription Asked, MediaDescription Answered, NegotiatedMedia Media);
}
