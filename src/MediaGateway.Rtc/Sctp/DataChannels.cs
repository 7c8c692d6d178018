using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Opening, using and closing the data channels of one association (RFC 8831 section 6, RFC 8832). A channel's id is free
/// again once both directions of its stream have been reset.
/// </summary>
internal sealed class DataChannels(SctpAssociation association, SctpOptions options, ISctpSink sink, SctpSender sender, StreamResets resets)
{
    private static readonly DataChannelParameters Refused = new() { Label = "" };

    private readonly DataChannelTable _table = new(options);
    private readonly List<DataChannel> _closing = [];

    public IEnumerable<DataChannel> All => _table.All;

    public DataChannel? TryOpen(DataChannelParameters parameters, int streamLimit, MonotonicTime now)
    {
        Span<byte> open = stackalloc byte[DataChannelOpen.MaxLength];
        int length = DataChannelOpen.Write(parameters, open);
        if (_table.IsFull || !_table.TryFindFree(Math.Min(streamLimit, options.MaxStreams), out ushort streamId))
            return null;
        var channel = new DataChannel(association, streamId, parameters, isLocal: true) { IsAnnounced = true };
        _table.Add(channel);
        sender.Buffer.Add(channel, PayloadProtocol.DataChannelControl, open[..length], now);
        return channel;
    }

    /// <summary>An empty message is sent as one byte, since SCTP knows none (RFC 8831 section 6.6).</summary>
    public void Send(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        if (message.IsEmpty)
            sender.Buffer.Add(channel, kind == DataMessageKind.Text ? PayloadProtocol.EmptyText : PayloadProtocol.EmptyBinary, [0], now);
        else
            sender.Buffer.Add(channel, kind == DataMessageKind.Text ? PayloadProtocol.Text : PayloadProtocol.Binary, message, now);
    }

    public void Close(DataChannel channel)
    {
        if (channel.State is DataChannelState.Closing or DataChannelState.Closed)
            return;
        channel.State = DataChannelState.Closing;
        _closing.Add(channel);
    }

    /// <summary>Asks for the reset of channels that are closing and have sent all they had.</summary>
    public void RequestResets(bool remoteSupportsReconfig, MonotonicTime now)
    {
        for (int i = _closing.Count - 1; i >= 0; i--)
        {
            DataChannel channel = _closing[i];
            if (channel.Outbox.Count > 0)
                continue;
            _closing.RemoveAt(i);
            if (remoteSupportsReconfig)
                resets.Request(channel.StreamId);
            else
                Retire(channel, now);
        }
    }

    public void OnMessage(ushort streamId, PayloadProtocol protocol, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        bool isKnown = _table.TryGet(streamId, out DataChannel? channel);
        if (protocol == PayloadProtocol.DataChannelControl)
        {
            OnControl(streamId, channel, message, now);
            return;
        }
        if (!isKnown || channel!.State > DataChannelState.Open)
            return;
        OnAnswered(channel);
        switch (protocol)
        {
            case PayloadProtocol.Text:
                sink.OnMessage(channel, DataMessageKind.Text, message, now);
                break;
            case PayloadProtocol.EmptyText:
                sink.OnMessage(channel, DataMessageKind.Text, [], now);
                break;
            case PayloadProtocol.Binary:
                sink.OnMessage(channel, DataMessageKind.Binary, message, now);
                break;
            case PayloadProtocol.EmptyBinary:
                sink.OnMessage(channel, DataMessageKind.Binary, [], now);
                break;
        }
    }

    /// <summary>A stream of ours was reset; when the remote refuses, its id is not used again.</summary>
    public void OnOutgoingReset(ushort streamId, bool performed, MonotonicTime now)
    {
        if (!_table.TryGet(streamId, out DataChannel? channel))
            return;
        if (!performed)
        {
            Retire(channel, now);
            return;
        }
        channel.IsOutgoingReset = true;
        FinishWhenReset(channel, now);
    }

    /// <summary>The remote has reset its streams, and so closes their channels; none named means all.</summary>
    public void OnIncomingReset(ReadOnlySpan<ushort> streamIds, MonotonicTime now)
    {
        DataChannel[] all = streamIds.IsEmpty ? [.. _table.All] : [];
        foreach (DataChannel channel in all)
            OnIncomingReset(channel, now);
        foreach (ushort streamId in streamIds)
        {
            if (_table.TryGet(streamId, out DataChannel? channel))
                OnIncomingReset(channel, now);
        }
    }

    /// <summary>Channels that were opened before the remote said how many streams it takes, and are beyond that, end here.</summary>
    public void OnUp(in InitParameters remote, MonotonicTime now)
    {
        int limit = remote.InboundStreams;
        foreach (DataChannel channel in _table.All.Where(channel => channel.StreamId >= limit).ToArray())
        {
            sender.Discard(channel);
            Finish(channel, now);
        }
    }

    public void TellDrained(DataChannel channel, MonotonicTime now)
    {
        if (channel.State <= DataChannelState.Open)
            sink.OnBufferedAmountLow(channel, now);
    }

    public void OnEnded(bool isTold, MonotonicTime now)
    {
        foreach (DataChannel channel in _table.All.ToArray())
        {
            bool wasClosed = channel.State == DataChannelState.Closed;
            channel.State = DataChannelState.Closed;
            if (isTold && channel.IsAnnounced && !wasClosed)
                sink.OnChannelClosed(channel, now);
        }
    }

    private void OnControl(ushort streamId, DataChannel? channel, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        if (message is [DataChannelOpen.AckType])
        {
            if (channel is not null)
                OnAnswered(channel);
        }
        else if (channel is null && message is [DataChannelOpen.OpenType, ..])
        {
            OnOpen(streamId, message, now);
        }
    }

    /// <summary>
    /// Deviation: a free id of ours is taken too, where RFC 8832 section 6 would close the channel. aiortc and werift go by
    /// their ICE role instead of their DTLS role.
    /// </summary>
    private void OnOpen(ushort streamId, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        if (!DataChannelOpen.TryParse(message, out DataChannelParameters? parameters) || _table.IsFull)
        {
            // RFC 8832 section 6: an error closes the channel; nobody here hears of it.
            var refused = new DataChannel(association, streamId, Refused, isLocal: false);
            _table.Add(refused);
            Close(refused);
            return;
        }
        var channel = new DataChannel(association, streamId, parameters, isLocal: false) { IsAnnounced = true };
        _table.Add(channel);
        sender.Buffer.Add(channel, PayloadProtocol.DataChannelControl, [DataChannelOpen.AckType], now);
        sink.OnChannelOpened(channel, now);
    }

    /// <summary>The remote knows of the channel: it acknowledged it, or used it (RFC 8832 section 6).</summary>
    private static void OnAnswered(DataChannel channel)
    {
        channel.MayUnorder = true;
        if (channel.State == DataChannelState.Connecting)
            channel.State = DataChannelState.Open;
    }

    private void OnIncomingReset(DataChannel channel, MonotonicTime now)
    {
        channel.IsIncomingReset = true;
        if (channel.State <= DataChannelState.Open)
        {
            sender.Discard(channel);
            Close(channel);
        }
        FinishWhenReset(channel, now);
    }

    private void FinishWhenReset(DataChannel channel, MonotonicTime now)
    {
        if (!channel.IsOutgoingReset || !channel.IsIncomingReset || channel.State == DataChannelState.Closed)
            return;
        Finish(channel, now);
    }

    private void Finish(DataChannel channel, MonotonicTime now)
    {
        _table.Remove(channel);
        _closing.Remove(channel);
        Retire(channel, now);
    }

    /// <summary>Closed, whether or not its id stays taken.</summary>
    private void Retire(DataChannel channel, MonotonicTime now)
    {
        bool wasClosed = channel.State == DataChannelState.Closed;
        channel.State = DataChannelState.Closed;
        if (channel.IsAnnounced && !wasClosed)
            sink.OnChannelClosed(channel, now);
    }
}
