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

    /// <summary>Finds a section as an earlier offer wrote it; null when none did, or when it said something else.</summary>
    internal MediaDescription? Find(OfferedMedia media, LocalTransport transport) =>
        _written.TryGetValue(media.Mid, out Written? known) && ReferenceEquals(known.Media, media) && SaysSame(known.Transport, transport)
            ? known.Section
            : null;

    /// <summary>
    /// Finds the outcome of the same section and the same answer to it; null when there is none. The outcome found refers to the new
    /// answer's
    /// text from now on, so that not every section keeps a whole text alive.
    /// </summary>
    /// <param name="asked">The section of our offer.</param>
    /// <param name="answered">The section of the other side's answer.</param>
    /// <param name="direction">The direction that both sections and the session-level attributes add up to.</param>
    internal Accepted? Find(MediaDescription asked, MediaDescription answered, MediaDirection direction) =>
        asked.Mid is { } mid
        && _accepted.TryGetValue(mid, out Accepted? known)
        && ReferenceEquals(known.Asked, asked)
        && (known.Media.Receiving, known.Media.Sending) == (direction.HasFlag(MediaDirection.Receive),
            direction.HasFlag(MediaDirection.Send))
        && known.Answered.Lines.SequenceEqual(answered.Lines)
            ? known with { Answered = answered }
            : null;

    /// <summary>Replaces what was known of the offer.</summary>
    internal void Keep(IEnumerable<Written> sections) => _written = sections.ToDictionary(section => section.Media.Mid);

    /// <summary>Replaces what was known of the answer.</summary>
    internal void Keep(IEnumerable<Accepted> sections) => _accepted = sections.ToDictionary(section => section.Media.Mid);

    /// <summary>Compares the transport parameters that every section repeats; only the first section has the candidates too.</summary>
    private static bool SaysSame(LocalTransport one, LocalTransport other) =>
        one.UsernameFragment == other.UsernameFragment && one.Password == other.Password && one.Fingerprint.Equals(other.Fingerprint);

    internal sealed record Written(OfferedMedia Media, LocalTransport Transport, MediaDescription Section);

    internal sealed record Accepted(MediaDescription Asked, MediaDescription Answered, NegotiatedMedia Media);
}
