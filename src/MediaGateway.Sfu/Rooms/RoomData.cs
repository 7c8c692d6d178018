using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Sfu.Data;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms;

/// <summary>
/// Carries data between participants: LiveKit's packets to whom they name, and what comes on a channel of any other
/// label to everybody else's channel of that label. Each receiver has its own bounded queue, so that a slow one holds
/// up nobody.
/// </summary>
internal sealed class RoomData(Room room)
{
    // Receivers of the packet at hand, as a set: clients name the same receiver in the envelope and inside the user packet.
    private readonly HashSet<Participant> _receivers = [];

    /// <summary>Buffer of the packet at hand as it is sent on, with the sender's names added.</summary>
    private readonly byte[] _rewritten = new byte[DataPacketView.MaxLength + 1024];

    /// <summary>Sends on a data packet that came on one of LiveKit's channels.</summary>
    public void OnPacket(Participant sender, DataPacketKind kind, ReadOnlySpan<byte> packet, MonotonicTime now)
    {
        if (!DataPacketView.TryParse(packet, out DataPacketView view))
        {
            room.Drops.Count(DropReason.Malformed);
            return;
        }
        // Metrics are for the server alone; only agents transcribe.
        if (view.Value == DataPacketValue.Metrics || (view.Value == DataPacketValue.Transcription && !sender.Permissions.Agent))
            return;
        if (!DataPacketWriter.TryWrite(view, kind, sender.Data.SenderNames, _rewritten, out int length))
        {
            room.Drops.Count(DropReason.TooLong);
            return;
        }
        ReadOnlySpan<byte> rewritten = _rewritten.AsSpan(0, length);
        if (kind == DataPacketKind.Reliable && !sender.Data.History.TryAdd(view.Sequence, rewritten, now))
            return;
        _receivers.Clear();
        CollectReceivers(view);
        _receivers.Remove(sender);
        foreach (Participant receiver in _receivers)
            receiver.Data.SendPacket(kind, rewritten, now);
    }

    /// <summary>Sends on a message that came on a channel that a page opened for itself.</summary>
    public void OnMessage(Participant sender, DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        foreach (Participant receiver in room.Participants)
        {
            if (receiver != sender)
                receiver.Data.Send(channel.Parameters, kind, message, now);
        }
    }

    /// <summary>A page's channel was closed: with the last of its label those that we opened for others are closed too.</summary>
    public void OnChannelGone(string label, MonotonicTime now)
    {
        if (room.Participants.Any(participant => participant.Data.HasOwn(label)))
            return;
        foreach (Participant participant in room.Participants)
            participant.Data.CloseOurs(label, now);
    }

    /// <summary>Sends what a participant missed while it was away.</summary>
    /// <param name="receiver">The participant that is back.</param>
    /// <param name="lastReceived">Number of its newest packet of each sender; it is sent nothing of senders that it does not name.</param>
    /// <param name="now">The time.</param>
    public void Replay(Participant receiver, ImmutableDictionary<ParticipantSid, uint> lastReceived, MonotonicTime now)
    {
        foreach (Participant sender in room.Participants)
        {
            if (sender == receiver || !lastReceived.TryGetValue(sender.Sid, out uint last))
                continue;
            foreach (ReadOnlySpan<byte> packet in sender.Data.History.Since(last, now))
            {
                if (DataPacketView.TryParse(packet, out DataPacketView view) && IsFor(receiver, view))
                    receiver.Data.SendPacket(DataPacketKind.Reliable, packet, now);
            }
        }
    }

    public void Expire(MonotonicTime now)
    {
        foreach (Participant participant in room.Participants)
            participant.Data.History.Expire(now);
    }

    private void CollectReceivers(in DataPacketView packet)
    {
        if (!packet.HasDestinations)
        {
            foreach (Participant participant in room.Participants)
                _receivers.Add(participant);
        }
        foreach (DataDestination destination in packet.Destinations)
        {
            if (room.Find(destination) is { } receiver)
                _receivers.Add(receiver);
        }
    }

    private static bool IsFor(Participant receiver, in DataPacketView packet)
    {
        if (!packet.HasDestinations)
            return true;
        foreach (DataDestination destination in packet.Destinations)
        {
            if (receiver.Data.IsNamed(destination))
                return true;
        }
        return false;
    }
}
