namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Order in which messages are sent: the channels take turns, one whole message each time, since fragments of
/// two messages must not mix (RFC 9260 section 6.9).
/// </summary>
internal sealed class SendQueue
{
    private readonly Queue<DataChannel> _turns = new();

    public bool IsEmpty => _turns.Count == 0;

    public void Add(OutgoingMessage message)
    {
        message.Channel.Outbox.Enqueue(message);
        if (message.Channel.Outbox.Count == 1)
            _turns.Enqueue(message.Channel);
    }

    public bool TryPeek(out OutgoingMessage message)
    {
        bool any = _turns.TryPeek(out DataChannel? channel);
        message = any ? channel!.Outbox.Peek() : null!;
        return any;
    }

    /// <summary>Takes the message of <see cref="TryPeek"/> out: it has left whole, or was given up.</summary>
    public void Remove()
    {
        DataChannel channel = _turns.Dequeue();
        channel.Outbox.Dequeue();
        if (channel.Outbox.Count > 0)
            _turns.Enqueue(channel);
    }
}
