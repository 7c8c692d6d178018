using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>The order of one incoming stream: the next sequence number due, and whole messages that came before their turn.</summary>
internal sealed class InboundStream
{
    private readonly PriorityQueue<ReceivedMessage, long> _waiting = new();

    public ExtendedSequence Next { get; private set; }

    public ExtendedSequence IndexOf(SequenceNumber wire) => ExtendedSequence.Nearest(wire, Next);

    public void Advance() => Next += 1;

    public void Wait(in ReceivedMessage message, ExtendedSequence index) => _waiting.Enqueue(message, index.Value);

    /// <summary>The next message whose turn it is.</summary>
    public bool TryTakeDue(out ReceivedMessage message)
    {
        if (!_waiting.TryPeek(out message, out long index) || index > Next.Value)
            return false;
        _waiting.Dequeue();
        if (index == Next.Value)
            Advance();
        return true;
    }

    /// <summary>The next message up to <paramref name="last"/>, whether or not others are missing before it.</summary>
    public bool TryTakeSkipped(ExtendedSequence last, out ReceivedMessage message)
    {
        if (!_waiting.TryPeek(out message, out long index) || index > last.Value)
            return false;
        _waiting.Dequeue();
        return true;
    }

    public void SkipTo(ExtendedSequence next)
    {
        if (next > Next)
            Next = next;
    }

    /// <summary>Begins at sequence number 0 again (RFC 6525 section 5.2.2); what waited is never due.</summary>
    public void Reset() => Next = default;

    public bool TryTakeAny(out ReceivedMessage message) => _waiting.TryDequeue(out message, out _);
}
