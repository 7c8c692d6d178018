using System.Collections.Immutable;
using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Sfu.Data;
using MediaGateway.Sfu.Rooms.Connections;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>A participant's data channels, and its data packets kept for those who come back.</summary>
internal sealed class ParticipantData
{
    private const string ReliableLabel = "_reliable";
    private const string LossyLabel = "_lossy";

    /// <summary>First character of LiveKit's labels; pages use any other.</summary>
    private const char ReservedPrefix = '_';

    /// <summary>Backlog of a channel, bytes, beyond which a lossy packet would arrive too late to be worth anything.</summary>
    private const long MaxLossyBacklog = 64 * 1024;

    private readonly Participant _participant;
    private readonly byte[] _sid;
    private readonly byte[] _identity;
    private readonly List<OpenChannel> _channels = [];

    public ParticipantData(Participant participant)
    {
        _participant = participant;
        _sid = Encoding.UTF8.GetBytes(participant.Sid.Value);
        _identity = Encoding.UTF8.GetBytes(participant.Identity);
    }

    public ReliableHistory History { get; } = new();

    public uint LastReliableSequence => History.LastSequence;

    /// <summary>Names that receivers see as the sender's; none for a hidden participant.</summary>
    public DataPacketSender SenderNames => _participant.Permissions.Hidden ? default : new DataPacketSender(_sid, _identity);

    public bool IsNamed(in DataDestination destination) => destination.Name.SequenceEqual(destination.IsSid ? _sid : _identity);

    /// <summary>Opens the channels on which the participant gets packets; it opens those on which it sends itself.</summary>
    public void OpenChannels(ParticipantPeer peer, MonotonicTime now)
    {
        Open(peer, new DataChannelParameters { Label = ReliableLabel }, now);
        Open(peer, new DataChannelParameters { Label = LossyLabel, IsOrdered = false, MaxRetransmits = 0 }, now);
    }

    public void OnOpened(ParticipantPeer peer, DataChannel channel) => _channels.Add(new OpenChannel(peer, channel, IsOurs: false));

    public void OnClosed(DataChannel channel, MonotonicTime now)
    {
        bool wasTheirs = _channels.RemoveAll(open => open.Channel == channel && !open.IsOurs) > 0;
        _channels.RemoveAll(open => open.Channel == channel);
        if (wasTheirs)
            _participant.Room.Data.OnChannelGone(channel.Label, now);
    }

    /// <summary>Labels of the channels that its page opened for itself.</summary>
    public IEnumerable<string> OwnLabels => _channels
        .Where(open => !open.IsOurs && open.Channel.Label is [not ReservedPrefix, ..])
        .Select(open => open.Channel.Label);

    public bool HasOwn(string label) => _channels.Exists(open => !open.IsOurs && open.Channel.Label == label);

    /// <summary>Closes what we opened under a label: nobody sends under it any more.</summary>
    public void CloseOurs(string label, MonotonicTime now)
    {
        foreach (OpenChannel open in _channels.Where(open => open.IsOurs && open.Channel.Label == label).ToImmutableArray())
        {
            open.Peer.Transport.Sctp?.CloseChannel(open.Channel, now);
            open.Peer.AfterEvent(now);
        }
    }

    public void OnMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        if (!_participant.Permissions.CanPublishData)
        {
            _participant.Room.Drops.Count(DropReason.NotAllowed);
            return;
        }
        switch (channel.Label)
        {
            case ReliableLabel:
                _participant.Room.Data.OnPacket(_participant, DataPacketKind.Reliable, message, now);
                break;
            case LossyLabel:
                _participant.Room.Data.OnPacket(_participant, DataPacketKind.Lossy, message, now);
                break;
            case [not ReservedPrefix, ..]:
                _participant.Room.Data.OnMessage(_participant, channel, kind, message, now);
                break;
            default:
                _participant.Room.Drops.Count(DropReason.UnknownStream);
                break;
        }
    }

    /// <summary>Sends a LiveKit packet to the participant.</summary>
    public void SendPacket(DataPacketKind kind, ReadOnlySpan<byte> packet, MonotonicTime now)
    {
        if (Find(kind == DataPacketKind.Reliable ? ReliableLabel : LossyLabel) is not { } open)
            _participant.Room.Drops.Count(DropReason.NotConnected);
        else if (!TrySend(open, DataMessageKind.Binary, packet, isReliable: kind == DataPacketKind.Reliable, now))
            _participant.Leave(DisconnectReason.ConnectionTimeout, LeaveAction.Reconnect, now);
    }

    /// <summary>Sends a page's message to the participant: on the channel that it opened under the label, else on one of ours.</summary>
    public void Send(DataChannelParameters parameters, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        OpenChannel? open = Find(parameters.Label);
        if (open is null && _participant.Connections.Downstream is { } peer)
            open = Open(peer, parameters, now);
        if (open is null)
            _participant.Room.Drops.Count(DropReason.NotConnected);
        else if (!TrySend(open, kind, message, IsReliable(parameters), now))
            open.Peer.Transport.Sctp?.CloseChannel(open.Channel, now);
    }

    /// <summary>
    /// Sends a message on a channel; false when a reliable message could not be taken, so that what follows would have a hole.
    /// </summary>
    private bool TrySend(OpenChannel open, DataMessageKind kind, ReadOnlySpan<byte> message, bool isReliable, MonotonicTime now)
    {
        bool isLate = !isReliable && open.Channel.BufferedAmount > MaxLossyBacklog;
        SendResult result = isLate
            ? SendResult.BufferFull
            : open.Peer.Transport.Sctp?.Send(open.Channel, kind, message, now) ?? SendResult.Closed;
        open.Peer.AfterEvent(now);
        if (result == SendResult.Buffered)
            return true;
        _participant.Room.Drops.Count(result == SendResult.TooLarge ? DropReason.TooLong : DropReason.BacklogFull);
        return !isReliable || result != SendResult.BufferFull;
    }

    /// <summary>Finds the channel towards the participant: of several of one label, the one where it expects to receive.</summary>
    private OpenChannel? Find(string label) =>
        _channels.Find(open => open.Channel.Label == label && open.Peer == _participant.Connections.Downstream)
        ?? (label[0] == ReservedPrefix ? null : _channels.Find(open => open.Channel.Label == label));

    private OpenChannel? Open(ParticipantPeer peer, DataChannelParameters parameters, MonotonicTime now)
    {
        if (peer.Transport.Sctp?.TryOpenChannel(parameters, now) is not { } channel)
            return null;
        var open = new OpenChannel(peer, channel, IsOurs: true);
        _channels.Add(open);
        peer.AfterEvent(now);
        return open;
    }

    private static bool IsReliable(DataChannelParameters parameters) => parameters is { MaxRetransmits: null, MaxLifetime: null };

    private sealed record OpenChannel(ParticipantPeer Peer, DataChannel Channel, bool IsOurs);
}
