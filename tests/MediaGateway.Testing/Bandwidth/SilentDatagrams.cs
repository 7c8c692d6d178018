using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>The way out of a client that sends no RTCP.</summary>
internal sealed class SilentDatagrams(IDatagramSender inner) : IDatagramSender
{
    private readonly byte[] _slot = new byte[IDatagramSender.MaxDatagram];

    public Span<byte> Reserve() => _slot;

    public void Commit(int length, in NetworkPath path)
    {
        ReadOnlySpan<byte> datagram = _slot.AsSpan(0, length);
        if (DatagramClassifier.Classify(datagram) == DatagramKind.Rtcp)
            return;
        datagram.CopyTo(inner.Reserve());
        inner.Commit(length, path);
    }
}
