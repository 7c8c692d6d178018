using System.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Messages of an association from when they are handed over until they are acknowledged or given up: what they cost against its
/// limit, the order in which they leave, and which channels have drained. Buffers are rented, and objects used again.
/// </summary>
/// <param name="limit">Most that all messages may cost, bytes.</param>
internal sealed class SendBuffer(long limit)
{
    /// <summary>Cost of a message besides its data, bytes.</summary>
    private const int CostPerMessage = 64;

    private const int MaxSpareMessages = 256;

    /// <summary>A message without any lifetime is still sent once.</summary>
    private static readonly TimeSpan MinLifetime = TimeSpan.FromMilliseconds(1);

    private readonly SendQueue _queue = new();
    private readonly Stack<OutgoingMessage> _spare = new();
    private readonly Queue<DataChannel> _drained = new();

    /// <summary>Cost of all messages that are neither acknowledged nor given up, bytes.</summary>
    public long Cost { get; private set; }

    /// <summary>True when nothing waits to leave; some may still wait to be acknowledged.</summary>
    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>True when <see cref="TryTakeDrained"/> has a channel to give.</summary>
    public bool HasDrained => _drained.Count > 0;

    /// <summary>Tells whether a message of so many bytes fits.</summary>
    public bool HasRoomFor(int length) => Cost + length + CostPerMessage <= limit;

    /// <summary>Copies a message to the end of its channel's queue.</summary>
    public void Add(DataChannel channel, PayloadProtocol protocol, ReadOnlySpan<byte> data, MonotonicTime now)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(buffer);
        bool isControl = protocol == PayloadProtocol.DataChannelControl;
        DataChannelParameters parameters = channel.Parameters;
        OutgoingMessage message = _spare.TryPop(out OutgoingMessage? spare) ? spare : new OutgoingMessage();
        message.Reset(
            channel,
            protocol,
            buffer,
            data.Length,
            isUnordered: !isControl && !parameters.IsOrdered && channel.MayUnorder,
            isControl ? uint.MaxValue : parameters.MaxRetransmits ?? uint.MaxValue,
            isControl || parameters.MaxLifetime is not { } lifetime
                ? MonotonicTime.Never
                : now + (lifetime > MinLifetime ? lifetime : MinLifetime));
        channel.BufferedAmount += message.ApplicationLength;
        Cost += data.Length + CostPerMessage;
        _queue.Add(message);
    }

    /// <summary>Finds the message whose fragment leaves next; false when none waits.</summary>
    public bool TryPeek(out OutgoingMessage message) => _queue.TryPeek(out message);

    /// <summary>Takes the first message off the queue: all of it has left.</summary>
    public void RemoveFirst()
    {
        if (!_queue.TryPeek(out OutgoingMessage message))
            return;
        _queue.Remove();
        Release(message);
    }

    /// <summary>Takes messages that were given up off the front of the queue.</summary>
    public void DropAbandoned()
    {
        while (_queue.TryPeek(out OutgoingMessage message) && message.IsAbandoned)
            RemoveFirst();
    }

    /// <summary>Ends one use of a message: its place in the queue, or a chunk that was sent of it.</summary>
    public void Release(OutgoingMessage message)
    {
        if (--message.References > 0)
            return;
        ReleaseData(message);
        if (_spare.Count < MaxSpareMessages)
            _spare.Push(message);
    }

    /// <summary>Gives a message's data back, though chunks may still speak of it. Its channel may have drained by that.</summary>
    public void ReleaseData(OutgoingMessage message)
    {
        if (message.Buffer is not { } buffer)
            return;
        ArrayPool<byte>.Shared.Return(buffer);
        message.Buffer = null;
        Cost -= message.Length + CostPerMessage;
        DataChannel channel = message.Channel;
        bool wasAbove = channel.BufferedAmount > channel.BufferedAmountLowThreshold;
        channel.BufferedAmount -= message.ApplicationLength;
        if (!wasAbove || channel.BufferedAmount > channel.BufferedAmountLowThreshold || channel.IsDrainPending)
            return;
        channel.IsDrainPending = true;
        _drained.Enqueue(channel);
    }

    /// <summary>Takes a channel whose buffered amount has become low.</summary>
    public bool TryTakeDrained(out DataChannel channel)
    {
        bool any = _drained.TryDequeue(out DataChannel? drained);
        channel = drained!;
        if (any)
            channel.IsDrainPending = false;
        return any;
    }

    /// <summary>Returns the buffers of all that waits.</summary>
    public void Clear()
    {
        while (!_queue.IsEmpty)
            RemoveFirst();
        _drained.Clear();
    }
}
