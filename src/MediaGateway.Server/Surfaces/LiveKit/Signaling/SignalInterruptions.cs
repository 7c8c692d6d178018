using MediaGateway.Sfu.Rooms.Members;


namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Participants whose next resume is to fail. The set is bounded: a participant that never resumes is forgotten when others ask.
/// </summary>
internal sealed class SignalInterruptions
{
    private const int MaxEntries = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<ParticipantSid, SignalInterruption> _next = [];
    private readonly Queue<ParticipantSid> _order = [];

    public void Add(ParticipantSid participant, SignalInterruption interruption)
    {
        lock (_lock)
        {
            if (_order.Count == MaxEntries)
                _next.Remove(_order.Dequeue());
            _next[participant] = interruption;
            _order.Enqueue(participant);
        }
    }

    /// <summary>Takes it out: only the next resume fails.</summary>
    public SignalInterruption Take(ParticipantSid participant)
    {
        lock (_lock)
        {
            _next.Remove(participant, out SignalInterruption interruption);
            return interruption;
        }
    }
}
