using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>One media connection of a participant: media sections up, media sections down, data channels.</summary>
internal sealed class ParticipantPeer : Peer, IDataHandler
{
    private readonly Participant _participant;

    public ParticipantPeer(PeerId id, PeerTransport transport, Participant participant)
        : base(id, transport) => _participant = participant;

    protected override IDataHandler? DataHandler => this;

    public void OnDataChannelOpened(DataChannel channel, MonotonicTime now) => _participant.Data.OnOpened(this, channel);

    public void OnDataMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now) =>
        _participant.Data.OnMessage(channel, kind, message, now);

    public void OnDataChannelClosed(DataChannel channel, MonotonicTime now) => _participant.Data.OnClosed(channel, now);

    protected override void OnConnected(MonotonicTime now) => _participant.OnConnected(this, now);

    protected internal override void OnRemoved(PeerCloseReason reason, MonotonicTime now) => _participant.OnConnectionClosed(reason, now);
}
