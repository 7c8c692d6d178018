using System.Collections.Immutable;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>
/// Plan of what becomes of the sections of one offer. Decided while the answer is made, made effective only when the answer
/// stands, so that an offer that cannot be answered changes nothing.
/// </summary>
/// <param name="participant">Participant that made the offer.</param>
/// <param name="assigned">Subscriptions by the section that carries them so far; null when the connection carries none.</param>
internal sealed class SectionPlan(Participant participant, IReadOnlyDictionary<Mid, TrackSubscription>? assigned)
{
    private readonly List<OfferedSection> _sections = [];
    private readonly Dictionary<Mid, TrackSubscription> _sent = [];
    private readonly HashSet<TrackSubscription> _unsupported = [];

    public ImmutableArray<OfferedSection> Sections => [.. _sections];

    /// <summary>The subscription that each section is to carry.</summary>
    public IReadOnlyDictionary<Mid, TrackSubscription> Sent => _sent;

    /// <summary>Subscriptions for whose codec no section was offered, though sections of their kind were.</summary>
    public IEnumerable<TrackSubscription> Unsupported => _unsupported.Where(subscription => !_sent.ContainsValue(subscription));

    public SectionDecision Decide(OfferedSection section)
    {
        _sections.Add(section);
        bool receives = section.RemoteSends && participant.Tracks.MaySend(section.Kind);
        return new SectionDecision(receives, section.RemoteReceives ? Choose(section)?.Source : null)
        {
            PreferredCodec = receives ? participant.Tracks.WishedCodec(section) : null,
        };
    }

    private TrackSubscription? Choose(OfferedSection section)
    {
        if (assigned is null)
            return null;
        TrackSubscription? chosen = assigned.TryGetValue(section.Mid, out TrackSubscription? current) && !current.IsEnded
            && current.Track.Kind == section.Kind
            ? current
            : ChooseWaiting(section);
        if (chosen is not null)
            _sent.Add(section.Mid, chosen);
        return chosen;
    }

    private TrackSubscription? ChooseWaiting(OfferedSection section)
    {
        foreach (TrackSubscription waiting in participant.Subscriptions.Waiting)
        {
            if (waiting.Track.Kind != section.Kind || _sent.ContainsValue(waiting))
                continue;
            if (waiting.Track.CanBeSentIn(section.Codecs))
                return waiting;
            _unsupported.Add(waiting);
        }
        return null;
    }
}
