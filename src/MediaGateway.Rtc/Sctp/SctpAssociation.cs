using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// One SCTP association over DTLS (RFC 9260, RFC 8261) and its data channels (RFC 8831, RFC 8832), without I/O or clock. It
/// hands packets to its sink and takes those that DTLS has authenticated. No bytes make it throw, and what a remote can make
/// it hold is bounded: the receive window, the send buffer, the streams and the channels.
/// <para><b>Calls may nest through the sink; only the outermost one sends, after everything that came is worked through.</b></para>
/// </summary>
public sealed class SctpAssociation
{
    /// <summary>Packets that one event may send: the rest waits for the next SACK (RFC 9260 section 6.1 D).</summary>
    private const int MaxBurst = 10;

    private readonly SctpOptions _options;
    private readonly ISctpSink _sink;
    private readonly SctpHandshake _handshake;
    private readonly RetransmissionTimeout _timeout;
    private readonly SctpSender _sender;
    private readonly StreamResets _resets;
    private readonly DataChannels _channels;
    private readonly SctpShutdown _shutdown = new();
    private SctpReceiver? _receiver;
    private SctpInbox? _inbox;
    private int _depth;
    private bool _hasEnded;
    private bool _owesHeartbeatAck;
    private byte[] _heartbeat = [];

    public SctpAssociation(SctpOptions options, ISctpSink sink, IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(entropy);
        _options = options;
        _sink = sink;
        _handshake = new SctpHandshake(options, entropy);
        _timeout = new RetransmissionTimeout(options);
        _sender = new SctpSender(options, _handshake.InitialTsn, _timeout);
        _resets = new StreamResets(options, _timeout, _handshake.InitialTsn.Value);
        _channels = new DataChannels(this, options, sink, _sender, _resets);
    }

    /// <summary>Established, and messages may flow. They may be handed over before: they wait.</summary>
    public bool IsUp => _handshake.State == SctpHandshakeState.Established && !_hasEnded;

    public bool HasEnded => _hasEnded;

    /// <summary>Bytes of all channels that wait to be sent or acknowledged; limited by <see cref="SctpOptions.SendBufferLimit"/>.</summary>
    public long BufferedBytes => _sender.Buffer.Cost;

    /// <summary>Channels that are not closed.</summary>
    public IEnumerable<DataChannel> Channels => _channels.All.Where(channel => channel.State != DataChannelState.Closed);

    /// <summary>Latest time at which <see cref="OnTimeout"/> is to be called.</summary>
    public MonotonicTime NextDeadline
    {
        get
        {
            if (_hasEnded)
                return MonotonicTime.Never;
            MonotonicTime next = MonotonicTime.Min(_handshake.Deadline, MonotonicTime.Min(_sender.Deadline, _shutdown.Deadline));
            return MonotonicTime.Min(next, MonotonicTime.Min(_resets.Deadline, _receiver?.SackDeadline ?? MonotonicTime.Never));
        }
    }

    /// <summary>Data that waits for missing pieces, in bytes of the receive window.</summary>
    internal int HeldBytes => _receiver?.Held ?? 0;

    /// <summary>Begins the handshake: DTLS is connected. The remote does the same.</summary>
    public void Start(MonotonicTime now)
    {
        if (_hasEnded)
            return;
        _depth++;
        _handshake.Start();
        Leave(now);
    }

    /// <summary>One SCTP packet out of DTLS. Returns why it, or the first chunk of it that was, went nowhere.</summary>
    public DropReason OnPacket(ReadOnlySpan<byte> packet, MonotonicTime now)
    {
        if (_hasEnded)
            return DropReason.NotConnected;
        if (!SctpPacketReader.TryParse(packet, out SctpPacketReader reader))
            return DropReason.SctpMalformed;
        if (Crc32c.Read(packet) != Crc32c.OfPacket(packet))
            return DropReason.SctpBadChecksum;
        if (reader.SourcePort != _options.RemotePort || reader.DestinationPort != _options.LocalPort)
            return DropReason.SctpUnknownAssociation;
        _depth++;
        DropReason reason = reader.VerificationTag == _handshake.LocalTag ? OnChunks(ref reader, now) : OnForeignTag(ref reader, now);
        Leave(now);
        return reason;
    }

    /// <summary>Runs what is due; may be called early.</summary>
    public void OnTimeout(MonotonicTime now)
    {
        if (_hasEnded)
            return;
        _depth++;
        if (!_handshake.OnTimeout(now))
            End(SctpEndReason.HandshakeTimeout, now);
        else if (!_sender.OnTimeout(now) || !_resets.OnTimeout(now) || !_shutdown.OnTimeout(now, _options, _timeout))
            Abort(SctpEndReason.RetransmissionLimit, now);
        Leave(now);
    }

    /// <summary>Opens a channel; null when no stream is left for one. Messages may be sent on it at once.</summary>
    /// <exception cref="ArgumentException">A text is too long, or both limits are set.</exception>
    public DataChannel? TryOpenChannel(DataChannelParameters parameters, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (_hasEnded || _shutdown.HasBegun)
            return null;
        _depth++;
        DataChannel? channel = _channels.TryOpen(parameters, IsUp ? _handshake.Remote.InboundStreams : _options.MaxStreams, now);
        Leave(now);
        return channel;
    }

    /// <summary>Takes a copy of a message for a channel of this association.</summary>
    public SendResult Send(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.Association != this || channel.State > DataChannelState.Open || _hasEnded || _shutdown.HasBegun)
            return SendResult.Closed;
        if (message.Length > Math.Min(_options.RemoteMaxMessageSize, _options.SendBufferLimit / 2))
            return SendResult.TooLarge;
        if (!_sender.Buffer.HasRoomFor(message.Length))
            return SendResult.BufferFull;
        _depth++;
        _channels.Send(channel, kind, message, now);
        Leave(now);
        return SendResult.Buffered;
    }

    /// <summary>Closes a channel once what it took has left (RFC 8831 section 6.7).</summary>
    public void CloseChannel(DataChannel channel, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.Association != this || _hasEnded)
            return;
        _depth++;
        _channels.Close(channel);
        Leave(now);
    }

    /// <summary>
    /// Ends it with an ABORT, as WebRTC does: what is not delivered by now is not wanted. Idempotent; tells the sink nothing.
    /// </summary>
    public void Close(MonotonicTime now)
    {
        if (_hasEnded)
            return;
        _depth++;
        Abort(SctpEndReason.ClosedLocally, now);
        Leave(now);
    }

    private void Leave(MonotonicTime now)
    {
        while (_depth == 1 && !_hasEnded)
        {
            // What the sink is told may make it send more; what is given up while sending may be more to tell.
            while (!_hasEnded && _sender.Buffer.TryTakeDrained(out DataChannel channel))
                _channels.TellDrained(channel, now);
            Transmit(now);
            if (!_sender.Buffer.HasDrained)
                break;
        }
        _depth--;
        if (_depth > 0 || !_hasEnded)
            return;
        _sender.Clear();
        _receiver?.Clear();
    }

    /// <summary>
    /// RFC 9260 section 8.5.1: an INIT, alone, with tag 0; an ABORT or SHUTDOWN COMPLETE with our own tag for the remote.
    /// </summary>
    private DropReason OnForeignTag(ref SctpPacketReader reader, MonotonicTime now)
    {
        uint tag = reader.VerificationTag;
        if (!reader.TryRead(out SctpChunk chunk))
            return DropReason.SctpMalformed;
        if (tag == 0 && chunk.Type == SctpChunkType.Init && reader.IsAtEnd)
            return _handshake.OnInit(chunk.Value);
        bool isReflected = (chunk.Flags & SctpChunk.ReflectedTag) != 0 && IsUp && tag == _handshake.Remote.Tag;
        if (!isReflected || chunk.Type is not (SctpChunkType.Abort or SctpChunkType.ShutdownComplete))
            return DropReason.SctpUnknownAssociation;
        return OnClosedByPeer(now);
    }

    private DropReason OnChunks(ref SctpPacketReader reader, MonotonicTime now)
    {
        DropReason first = DropReason.None;
        while (!_hasEnded && reader.TryRead(out SctpChunk chunk))
        {
            DropReason reason = OnChunk(chunk, now);
            if (first == DropReason.None)
                first = reason;
            if (reason == DropReason.SctpUnknownChunk && chunk.StopsUnknown)
                break;
        }
        if (reader.IsMalformed && first == DropReason.None)
            first = DropReason.SctpMalformed;
        _receiver?.OnPacketEnd(now);
        return first;
    }

    private DropReason OnChunk(in SctpChunk chunk, MonotonicTime now)
    {
        switch (chunk.Type)
        {
            case SctpChunkType.InitAck:
                return _handshake.OnInitAck(chunk.Value);
            case SctpChunkType.CookieEcho:
                return OnHandshake(_handshake.OnCookieEcho(chunk.Value), now);
            case SctpChunkType.CookieAck:
                return OnHandshake(_handshake.OnCookieAck(), now);
            case SctpChunkType.Abort:
                return OnClosedByPeer(now);
            case SctpChunkType.Heartbeat:
                // At most one answer to a packet, however many it asks for.
                _owesHeartbeatAck = chunk.Value.Length <= _options.MaxPacket / 2;
                _heartbeat = _owesHeartbeatAck ? chunk.Value.ToArray() : [];
                return DropReason.None;
            case SctpChunkType.HeartbeatAck or SctpChunkType.Error:
                // We send no heartbeats, ICE keeps the path; and of what ERROR may report nothing is worth an end.
                return DropReason.None;
            case SctpChunkType.Init:
                return DropReason.SctpUnexpectedChunk;
        }
        if (_inbox is not { } inbox)
            return DropReason.SctpUnexpectedChunk;
        return chunk.Type switch
        {
            SctpChunkType.Data => OnData(inbox, chunk, now),
            SctpChunkType.Sack => OnSack(chunk, now),
            SctpChunkType.ForwardTsn => inbox.OnForwardTsn(chunk, now),
            SctpChunkType.Reconfig => inbox.OnReconfig(chunk, now),
            SctpChunkType.Shutdown => OnShutdown(chunk, now),
            SctpChunkType.ShutdownComplete when _shutdown.HasBegun => OnClosedByPeer(now),
            SctpChunkType.ShutdownAck or SctpChunkType.ShutdownComplete => DropReason.SctpUnexpectedChunk,
            _ => DropReason.SctpUnknownChunk,
        };
    }

    private DropReason OnHandshake(DropReason reason, MonotonicTime now)
    {
        if (reason != DropReason.None || _receiver is not null)
            return reason;
        _receiver = new SctpReceiver(_options, _handshake.Remote.InitialTsn);
        _inbox = new SctpInbox(this, _receiver, _channels, _resets);
        _sender.SetRemote(_handshake.Remote);
        _resets.SetRemote(_handshake.Remote.InitialTsn);
        _channels.OnUp(_handshake.Remote, now);
        if (!_hasEnded)
            _sink.OnAssociationUp(now);
        return DropReason.None;
    }

    private DropReason OnData(SctpInbox inbox, in SctpChunk chunk, MonotonicTime now)
    {
        DropReason reason = inbox.OnData(chunk, now);
        // RFC 9260 section 6.2: also for a chunk without user data.
        if (reason is DropReason.SctpMalformed or DropReason.TooLong)
            Abort(SctpEndReason.ProtocolViolation, now);
        return reason;
    }

    private DropReason OnSack(in SctpChunk chunk, MonotonicTime now) =>
        SackChunk.TryParse(chunk.Value, out SackChunk sack) && _sender.OnSack(sack, now) ? DropReason.None : DropReason.SctpMalformed;

    private DropReason OnShutdown(in SctpChunk chunk, MonotonicTime now)
    {
        if (!SctpShutdown.TryParse(chunk, _sender.RemoteWindow, out SackChunk acknowledgement) || !_sender.OnSack(acknowledgement, now))
            return DropReason.SctpMalformed;
        _shutdown.Begin();
        return DropReason.None;
    }

    private DropReason OnClosedByPeer(MonotonicTime now)
    {
        End(SctpEndReason.ClosedByPeer, now);
        return DropReason.None;
    }

    private void Transmit(MonotonicTime now)
    {
        _handshake.Send(_sink, now);
        if (!IsUp || _receiver is not { } receiver)
            return;
        _channels.RequestResets(_handshake.Remote.SupportsReconfig, now);
        Span<byte> buffer = stackalloc byte[_options.MaxPacket];
        for (int i = 0; i < MaxBurst; i++)
        {
            if (_hasEnded || !TrySendPacket(buffer, receiver, now))
                break;
        }
    }

    private bool TrySendPacket(Span<byte> buffer, SctpReceiver receiver, MonotonicTime now)
    {
        var writer = new SctpPacketWriter(buffer, _options.LocalPort, _options.RemotePort, _handshake.Remote.Tag);
        bool acknowledges = !receiver.SackDeadline.IsNever;
        bool mustSend = receiver.SackDeadline <= now || _owesHeartbeatAck;
        if (_owesHeartbeatAck)
            writer.Append(SctpChunkType.HeartbeatAck, 0, _heartbeat);
        _owesHeartbeatAck = false;
        if (acknowledges)
            receiver.WriteSack(ref writer);
        int acknowledged = writer.Length;
        _resets.Write(ref writer, _sender.LastAssigned, now);
        _sender.Write(ref writer, now);
        _shutdown.Write(ref writer, _sender.IsIdle, _timeout, now);
        // A SACK that may wait leaves only along with something else.
        if (writer.Length == acknowledged && !mustSend)
            return false;
        _sink.SendPacket(writer.Finish(), now);
        if (acknowledges)
            receiver.OnSackSent();
        return true;
    }

    private void Abort(SctpEndReason reason, MonotonicTime now)
    {
        if (_handshake.State is SctpHandshakeState.CookieEchoed or SctpHandshakeState.Established && !_hasEnded)
        {
            Span<byte> buffer = stackalloc byte[SctpPacketReader.HeaderLength + SctpChunk.HeaderLength];
            var writer = new SctpPacketWriter(buffer, _options.LocalPort, _options.RemotePort, _handshake.Remote.Tag);
            writer.Append(SctpChunkType.Abort, 0, 0);
            _sink.SendPacket(writer.Finish(), now);
        }
        End(reason, now);
    }

    private void End(SctpEndReason reason, MonotonicTime now)
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        _channels.OnEnded(isTold: reason != SctpEndReason.ClosedLocally, now);
        if (reason != SctpEndReason.ClosedLocally)
            _sink.OnAssociationEnded(reason, now);
    }
}
