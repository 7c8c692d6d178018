using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Testing.Peers;

/// <summary>
/// Everything that one sender has let out under each SRTP index of each SSRC. Two different packets under one index give the key of their
/// authentication away (RFC 7714 section 8.4); the ciphertext shows it, since the same packet under the same index is the same bytes.
/// </summary>
public sealed class IndexLedger
{
    private readonly Dictionary<(Ssrc Ssrc, long Index), byte[]> _packets = [];
    private readonly Dictionary<Ssrc, ExtendedSequence> _highest = [];

    /// <summary>Number of packets, each counted once.</summary>
    public int Count => _packets.Count;

    /// <summary>Number of packets that came again, as the same bytes.</summary>
    public int Repeated { get; private set; }

    /// <summary>Adds a datagram, of which only RTP counts.</summary>
    /// <exception cref="InvalidOperationException">Another packet has left under its index.</exception>
    public void Add(ReadOnlySpan<byte> datagram)
    {
        if (DatagramClassifier.Classify(datagram) != DatagramKind.Rtp || !RtpHeader.TryParse(datagram, out RtpHeader header))
            return;
        ExtendedSequence index = _highest.TryGetValue(header.Ssrc, out ExtendedSequence highest)
            ? ExtendedSequence.Nearest(header.SequenceNumber, highest)
            : new ExtendedSequence(header.SequenceNumber.Value);
        if (index >= highest)
            _highest[header.Ssrc] = index;
        if (_packets.TryAdd((header.Ssrc, index.Value), datagram.ToArray()))
            return;
        if (!datagram.SequenceEqual(_packets[(header.Ssrc, index.Value)]))
            throw new InvalidOperationException($"SSRC {header.Ssrc.Value}: a second packet under index {index.Value}.");
        Repeated++;
    }
}
