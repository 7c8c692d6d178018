using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// The way from the chunks of an established association to its channels: messages, messages that the remote gave up (RFC 3758), and
/// the end of streams (RFC 6525), in the order in which they take effect.
/// </summary>
/// <param name="association">The association: what a channel is told may end it.</param>
/// <param name="receiver">Puts messages together.</param>
/// <param name="channels">Channels that get the messages.</param>
/// <param name="resets">Requests to end streams.</param>
internal sealed class SctpInbox(SctpAssociation association, SctpReceiver receiver, DataChannels channels, StreamResets resets)
{
    /// <summary>Takes a DATA chunk. A malformed or too long one is a violation of the protocol.</summary>
    public DropReason OnData(in SctpChunk chunk, MonotonicTime now)
    {
        if (!DataChunk.TryParse(chunk, out DataChunk data))
            return DropReason.SctpMalformed;
        ChunkFate fate = receiver.OnData(data);
        if (fate == ChunkFate.NoRoom)
            return DropReason.SctpWindowExceeded;
        if (fate == ChunkFate.TooLong)
            return DropReason.TooLong;
        if (fate == ChunkFate.Deliver)
            channels.OnMessage(data.StreamId, data.Protocol, data.UserData, now);
        DeliverReady(now);
        return DropReason.None;
    }

    /// <summary>Takes a FORWARD TSN chunk: what it skips is not waited for.</summary>
    public DropReason OnForwardTsn(in SctpChunk chunk, MonotonicTime now)
    {
        if (!ForwardTsnChunk.TryParse(chunk.Value, out ForwardTsnChunk forward))
            return DropReason.SctpMalformed;
        receiver.OnForwardTsn(forward);
        DeliverReady(now);
        return DropReason.None;
    }

    /// <summary>Takes a RE-CONFIG chunk: streams that the remote ends, and answers about those that we end.</summary>
    public DropReason OnReconfig(in SctpChunk chunk, MonotonicTime now)
    {
        if (!resets.OnChunk(chunk.Value, receiver.Cumulative, now))
            return DropReason.SctpMalformed;
        while (!association.HasEnded && resets.TryTakeAnswer(out ushort streamId, out bool performed))
            channels.OnOutgoingReset(streamId, performed, now);
        OnIncomingReset(now);
        return DropReason.None;
    }

    private void DeliverReady(MonotonicTime now)
    {
        while (!association.HasEnded && receiver.TryTakeReady(out ReceivedMessage message))
        {
            channels.OnMessage(message.StreamId, message.Protocol, message.Data, now);
            message.Return();
        }
        OnIncomingReset(now);
    }

    private void OnIncomingReset(MonotonicTime now)
    {
        if (association.HasEnded || !resets.TryTakeIncoming(receiver.Cumulative, out ReadOnlySpan<ushort> streamIds))
            return;
        receiver.ResetStreams(streamIds);
        channels.OnIncomingReset(streamIds, now);
    }
}
