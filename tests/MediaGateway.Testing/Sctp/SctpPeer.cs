using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Testing.Sctp;

/// <summary>One end of an <see cref="SctpLink"/>: an association, and all that it told its sink.</summary>
public sealed class SctpPeer : ISctpSink
{
    private readonly Action<ReadOnlySpan<byte>> _send;

    public SctpPeer(SctpOptions options, int seed, Action<ReadOnlySpan<byte>> send)
        : this(options, new SeededEntropy(seed), send)
    {
    }

    public SctpPeer(SctpOptions options, IEntropy entropy, Action<ReadOnlySpan<byte>> send)
    {
        _send = send;
        Association = new SctpAssociation(options, this, entropy);
    }

    public delegate void MessageReceived(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now);

    public SctpAssociation Association { get; }

    public List<DataChannel> Opened { get; } = [];

    public List<DataChannel> Closed { get; } = [];

    public List<DataChannel> Drained { get; } = [];

    public List<(DataChannel Channel, DataMessageKind Kind, byte[] Data)> Messages { get; } = [];

    public SctpEndReason? Ended { get; private set; }

    public int TimesUp { get; private set; }

    public long PacketsSent { get; private set; }

    /// <summary>Instead of keeping the message in <see cref="Messages"/>.</summary>
    public MessageReceived? OnReceived { get; set; }

    public Action<DataChannel, MonotonicTime>? OnOpened { get; set; }

    public bool SendPacket(ReadOnlySpan<byte> packet, MonotonicTime now)
    {
        PacketsSent++;
        _send(packet);
        return true;
    }

    public void OnAssociationUp(MonotonicTime now) => TimesUp++;

    public void OnAssociationEnded(SctpEndReason reason, MonotonicTime now) => Ended = reason;

    public void OnChannelOpened(DataChannel channel, MonotonicTime now)
    {
        Opened.Add(channel);
        OnOpened?.Invoke(channel, now);
    }

    public void OnMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now)
    {
        if (OnReceived is { } received)
            received(channel, kind, message, now);
        else
            Messages.Add((channel, kind, message.ToArray()));
    }

    public void OnChannelClosed(DataChannel channel, MonotonicTime now) => Closed.Add(channel);

    public void OnBufferedAmountLow(DataChannel channel, MonotonicTime now) => Drained.Add(channel);
}
