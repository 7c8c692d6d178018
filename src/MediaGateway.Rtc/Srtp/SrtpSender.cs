using System.Buffers.Binary;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// Protects what we send under one master key: SRTP and SRTCP (RFC 3711, RFC 7714) of all our SSRCs. One owner, no
/// locks, no allocation per packet.
/// <para>
/// <b>No SSRC may see the same index twice.</b> Both modes are stream ciphers: a repeated index gives away the XOR of
/// two payloads, and with AES-GCM the authentication key too, even when only the header differs. So a packet is
/// protected once; a retransmission is a new packet (RFC 4588) or the very same protected bytes.
/// </para>
/// </summary>
public sealed class SrtpSender : IDisposable
{
    // RFC 3711 section 9.2: 2^48 SRTP and 2^31 SRTCP packets per master key.
    private const long MaxRtpIndex = (1L << 48) - 1;
    private const uint MaxRtcpIndex = (1u << 31) - 1;

    private readonly SrtpTransform _rtp;
    private readonly SrtpTransform _rtcp;
    private uint _lastRtcpIndex;
    private bool _isDisposed;

    /// <exception cref="ArgumentException">The key or salt has not the length that the profile asks for.</exception>
    public SrtpSender(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        (_rtp, _rtcp) = SrtpTransform.Create(profile, masterKey, masterSalt);
    }

    /// <summary>Makes a sender from session keys, as test vectors give them, and for tests near the end of a key's life.</summary>
    internal SrtpSender(SrtpTransform rtp, SrtpTransform rtcp, uint lastRtcpIndex)
    {
        _rtp = rtp;
        _rtcp = rtcp;
        _lastRtcpIndex = lastRtcpIndex;
    }

    /// <summary>Bytes that <see cref="ProtectRtp"/> adds: 16 for AES-GCM, 10 for AES-CM.</summary>
    public int RtpOverhead => _rtp.RtpOverhead;

    /// <summary>Bytes that <see cref="ProtectRtcp"/> adds: 20 for AES-GCM, 14 for AES-CM.</summary>
    public int RtcpOverhead => _rtcp.RtcpOverhead;

    /// <summary>
    /// Protects an RTP packet in place and returns its new length. The caller owns the numbering: the index carries the
    /// roll-over counter above the sequence number that the header shows. Each SSRC begins with roll-over counter 0.
    /// </summary>
    /// <param name="packet">The packet and, behind it, room for <see cref="RtpOverhead"/> bytes.</param>
    /// <param name="length">Length of the plain packet, bytes.</param>
    /// <param name="headerLength">Length of its header with CSRCs and extension, bytes; it stays in clear.</param>
    /// <param name="ssrc">The SSRC in the header.</param>
    /// <param name="index">Never twice for one SSRC.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bug of the caller: lengths that do not fit, or an index beyond 48 bits.</exception>
    public int ProtectRtp(Span<byte> packet, int length, int headerLength, Ssrc ssrc, ExtendedSequence index)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if ((ulong)index.Value > MaxRtpIndex)
            throw new ArgumentOutOfRangeException(nameof(index), index, "An SRTP index has 48 bits.");
        int protectedLength = length + _rtp.RtpOverhead;
        _rtp.ProtectRtp(packet[..protectedLength], headerLength, ssrc, index);
        return protectedLength;
    }

    /// <summary>
    /// Protects a compound RTCP packet in place and returns its new length. All sender SSRCs draw from one index, so
    /// that none can meet the same index twice (RFC 7714 section 9.1), not even one that comes back. Two deviations from
    /// RFC 3711 section 3.4, neither of which a receiver can tell from loss: an SSRC's own indices have gaps, and the
    /// first is 1, as deployed stacks send it, not 0.
    /// </summary>
    /// <param name="packet">The packet and, behind it, room for <see cref="RtcpOverhead"/> bytes.</param>
    /// <param name="length">Length of the plain packet, at least 8 bytes.</param>
    /// <exception cref="InvalidOperationException">2^31 packets were protected: the key is used up (RFC 3711 section 9.2).</exception>
    /// <exception cref="ArgumentOutOfRangeException">A bug of the caller: lengths that do not fit.</exception>
    public int ProtectRtcp(Span<byte> packet, int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, SrtpTransform.RtcpClearLength);
        if (_lastRtcpIndex == MaxRtcpIndex)
            throw new InvalidOperationException("The SRTCP index is used up; the peer needs new keys.");
        int protectedLength = length + _rtcp.RtcpOverhead;
        Span<byte> protectedPacket = packet[..protectedLength];
        _lastRtcpIndex++;
        _rtcp.ProtectRtcp(protectedPacket, SenderOf(packet), _lastRtcpIndex);
        return protectedLength;
    }

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    internal void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance > 1)
            _rtp.Prefetch(prefetcher);
        else
            prefetcher.Prefetch(_rtp, 1);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private static Ssrc SenderOf(ReadOnlySpan<byte> packet) => new(BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
}
