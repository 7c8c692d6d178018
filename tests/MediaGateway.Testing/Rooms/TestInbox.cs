using System.Collections.Immutable;
using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Sfu.Data;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Testing.Rooms;

/// <summary>The data that a test participant has received, and what it knows of the order it has to come in.</summary>
internal sealed class TestInbox(TestMeeting meeting, string identity)
{
    /// <summary>
    /// Time after a resume in which packets of before may come twice: SCTP gives them up or has them acknowledged by then.
    /// </summary>
    private static readonly TimeSpan ReplayTime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<ParticipantSid, uint> _lastSequences = [];
    private readonly List<ReceivedData> _received = [];
    private MonotonicTime? _resumedAt;

    public IReadOnlyList<ReceivedData> Received => _received;

    /// <summary>The newest reliable packet of each sender.</summary>
    public ImmutableDictionary<ParticipantSid, uint> LastSequences => _lastSequences.ToImmutableDictionary();

    /// <summary>Signaling is coming back: from now on packets may come twice.</summary>
    public void OnResuming() => _resumedAt = meeting.Now;

    /// <summary>Forgets the reliable packets beyond this one, from whomever they came.</summary>
    public void Forget(uint after)
    {
        foreach (ParticipantSid sender in _lastSequences.Keys.ToArray())
            _lastSequences[sender] = Math.Min(after, _lastSequences[sender]);
    }

    public void OnMessage(DataChannel channel, ReadOnlySpan<byte> message)
    {
        if (channel.Label is not (TestChannels.Reliable or TestChannels.Lossy))
        {
            _received.Add(new ReceivedData(channel.Label, "", 0, Encoding.UTF8.GetString(message)));
            return;
        }
        if (!DataPacketView.TryParse(message, out DataPacketView packet))
        {
            meeting.Violate($"{identity}: a data packet that is none");
            return;
        }
        string from = Encoding.UTF8.GetString(packet.ParticipantIdentity);
        var sid = new ParticipantSid(Encoding.UTF8.GetString(packet.ParticipantSid));
        // Who hides has no sid, and clients cannot tell its packets from those of others who hide.
        if (channel.Label == TestChannels.Reliable && packet.Sequence != 0 && sid.Value.Length > 0 && !TryAdvance(sid, packet.Sequence))
            return;
        _received.Add(new ReceivedData(channel.Label, from, packet.Sequence, Encoding.UTF8.GetString(message)));
    }

    /// <summary>
    /// Clients drop what they have: after a resume a packet may come twice, from the gateway's history and from SCTP, which
    /// has lived on.
    /// </summary>
    private bool TryAdvance(ParticipantSid sender, uint sequence)
    {
        uint last = _lastSequences.GetValueOrDefault(sender);
        if (sequence > last)
        {
            _lastSequences[sender] = sequence;
            return true;
        }
        if (_resumedAt is not { } resumed || meeting.Now - resumed > ReplayTime)
            meeting.Violate($"{identity}: reliable packet {sequence} of {sender} after {last}, resumed at {_resumedAt}");
        return false;
    }
}
