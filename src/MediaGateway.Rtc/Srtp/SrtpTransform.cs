using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// One protection profile under one set of session keys: turns whole packets, in place, to and fro. It knows nothing of
/// replay or of sources. Every span here is exactly the protected packet, overhead included.
/// </summary>
internal abstract class SrtpTransform : IDisposable
{
    /// <summary>The RTCP header and sender SSRC, which stay in clear (RFC 3711 section 3.4), in bytes.</summary>
    public const int RtcpClearLength = 8;

    /// <summary>The E flag and 31-bit index of SRTCP, in bytes.</summary>
    protected const int IndexWordLength = sizeof(uint);

    /// <summary>The E flag of SRTCP: the packet is encrypted.</summary>
    protected const uint EncryptedFlag = 0x8000_0000;

    /// <summary>Bytes that SRTP adds to a packet.</summary>
    public abstract int RtpOverhead { get; }

    /// <summary>Bytes that SRTCP adds to a packet.</summary>
    public int RtcpOverhead => RtpOverhead + IndexWordLength;

    /// <summary>Makes the transforms of RTP and of RTCP under one master key.</summary>
    /// <exception cref="ArgumentException">The master key or salt does not have the length that the profile asks for.</exception>
    public static (SrtpTransform Rtp, SrtpTransform Rtcp) Create(SrtpProfile profile, ReadOnlySpan<byte> masterKey,
        ReadOnlySpan<byte> masterSalt)
    {
        (SrtpSessionKeys rtp, SrtpSessionKeys rtcp) = SrtpSessionKeys.DeriveBoth(profile, masterKey, masterSalt);
        using (rtp)
        using (rtcp)
            return (Create(profile, rtp), Create(profile, rtcp));
    }

    public static SrtpTransform Create(SrtpProfile profile, SrtpSessionKeys keys) =>
        SrtpSessionKeys.IsAead(profile) ? new GcmTransform(keys) : new AesCmTransform(keys);

    public abstract void ProtectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, ExtendedSequence index);

    public abstract bool TryUnprotectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, ExtendedSequence index);

    public abstract void ProtectRtcp(Span<byte> packet, Ssrc sender, uint index);

    public abstract bool TryUnprotectRtcp(Span<byte> packet, Ssrc sender, uint index);

    /// <summary>The word that holds the E flag and the SRTCP index.</summary>
    public abstract uint ReadIndexWord(ReadOnlySpan<byte> packet);

    /// <summary>Fetches the keys; see <see cref="IPrefetcher"/>. By default nothing, which is correct.</summary>
    public virtual void Prefetch(IPrefetcher prefetcher)
    {
    }

    public abstract void Dispose();

    /// <summary>False when the E flag is clear.</summary>
    public bool TryReadRtcpIndex(ReadOnlySpan<byte> packet, out uint index)
    {
        uint word = ReadIndexWord(packet);
        index = word & ~EncryptedFlag;
        return (word & EncryptedFlag) != 0;
    }

    /// <summary>
    /// SSRC and packet index side by side: what makes the nonce of AES-GCM (RFC 7714 sections 8.1 and 9.1) and the
    /// counter of AES-CM (RFC 3711 section 4.1.1) unique under a key, once added to the salt.
    /// </summary>
    protected static UInt128 PacketId(Ssrc ssrc, ulong index) => new(ssrc.Value >> 16, (ulong)ssrc.Value << 48 | index);
}
