using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// Verifies and decrypts what a peer sends under one master key: SRTP and SRTCP (RFC 3711, RFC 7714) of all its SSRCs.
/// One owner, no locks, no allocation per packet; nothing a remote sends makes it throw.
/// <para>
/// <b>Nothing changes before a packet has proved authentic</b>: no source, no roll-over counter, no replay window. A
/// packet that fails is left as it came, except that the fallback without hardware AES-GCM zeroes its payload.
/// </para>
/// </summary>
public sealed class SrtpReceiver : IDisposable
{
    // Windows of 1,984 RTP packets (some seconds of video, so that late retransmissions pass) and 192 RTCP packets.
    private const int RtpWindowWords = 32;
    private const int RtcpWindowWords = 4;

    private const long MaxRtpIndex = (1L << 48) - 1;

    private readonly SrtpProfile _profile;
    private readonly SrtpTransform _rtcp;
    private readonly SrtpSourceTable _rtpSources;
    private readonly SrtpSourceTable _rtcpSources;
    private bool _isDisposed;

    /// <summary>Keys from which <see cref="Rtp"/> is made on first use; null once it exists.</summary>
    private SrtpSessionKeys? _rtpKeys;
    private SrtpTransform? _rtp;

    /// <param name="profile">The negotiated profile.</param>
    /// <param name="masterKey">The peer's master key.</param>
    /// <param name="masterSalt">The peer's master salt.</param>
    /// <param name="maxSources">How many SSRCs may send RTP under this key, and how many RTCP.</param>
    /// <exception cref="ArgumentException">The key or salt has not the length that the profile asks for.</exception>
    public SrtpReceiver(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, int maxSources = 64)
    {
        _profile = profile;
        (_rtpKeys, SrtpSessionKeys rtcpKeys) = SrtpSessionKeys.DeriveBoth(profile, masterKey, masterSalt);
        using (rtcpKeys)
            _rtcp = SrtpTransform.Create(profile, rtcpKeys);
        _rtpSources = new SrtpSourceTable(maxSources, RtpWindowWords);
        _rtcpSources = new SrtpSourceTable(maxSources, RtcpWindowWords);
    }

    /// <summary>Makes a receiver from session keys, as test vectors give them.</summary>
    internal SrtpReceiver(SrtpTransform rtp, SrtpTransform rtcp, int maxSources)
    {
        _rtp = rtp;
        _rtcp = rtcp;
        _rtpSources = new SrtpSourceTable(maxSources, RtpWindowWords);
        _rtcpSources = new SrtpSourceTable(maxSources, RtcpWindowWords);
    }

    /// <summary>Made for the first packet, forged or not: whoever only watches sends none, and is most of a live stream's peers.</summary>
    private SrtpTransform Rtp
    {
        get
        {
            if (_rtp is null)
            {
                _rtp = SrtpTransform.Create(_profile, _rtpKeys!);
                _rtpKeys!.Dispose();
                _rtpKeys = null;
            }
            return _rtp;
        }
    }

    /// <summary>Verifies an SRTP packet and decrypts it in place (RFC 3711 section 3.3).</summary>
    /// <param name="packet">The packet as received.</param>
    /// <param name="header">Its header.</param>
    /// <param name="length">Length of the plain packet.</param>
    /// <param name="index">Its sequence number with the roll-over counter above it. A new source begins with counter 0.</param>
    /// <returns>
    /// <see cref="DropReason.None"/>, <see cref="DropReason.TooShort"/>, <see cref="DropReason.TooManySources"/>,
    /// <see cref="DropReason.Replay"/> (seen before, too old, or before the stream's beginning) or
    /// <see cref="DropReason.AuthFailed"/>.
    /// </returns>
    public DropReason UnprotectRtp(Span<byte> packet, in RtpHeader header, out int length, out ExtendedSequence index)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        length = 0;
        index = default;
        if (packet.Length < header.HeaderLength + Rtp.RtpOverhead)
            return DropReason.TooShort;

        ReplayWindow? window = _rtpSources.Find(header.Ssrc);
        if (window is null && _rtpSources.IsFull)
            return DropReason.TooManySources;

        ExtendedSequence estimate = window is null
            ? new ExtendedSequence(header.SequenceNumber.Value)
            : ExtendedSequence.Nearest(header.SequenceNumber, new ExtendedSequence(window.Highest));
        if ((ulong)estimate.Value > MaxRtpIndex || window is not null && window.IsReplay(estimate.Value))
            return DropReason.Replay;

        if (!Rtp.TryUnprotectRtp(packet, header.HeaderLength, header.Ssrc, estimate))
            return DropReason.AuthFailed;

        if (window is null)
            _rtpSources.Add(header.Ssrc, estimate.Value);
        else
            window.Add(estimate.Value);
        length = packet.Length - Rtp.RtpOverhead;
        index = estimate;
        return DropReason.None;
    }

    /// <summary>
    /// Verifies an SRTCP packet and decrypts it in place (RFC 3711 section 3.4). Each sender SSRC has its own index.
    /// </summary>
    /// <param name="packet">The packet as received.</param>
    /// <param name="length">Length of the plain compound packet.</param>
    /// <returns>
    /// <see cref="DropReason.None"/>, <see cref="DropReason.TooShort"/>, <see cref="DropReason.TooManySources"/>,
    /// <see cref="DropReason.Replay"/> or <see cref="DropReason.AuthFailed"/>, also for a packet that claims to be
    /// unencrypted: no profile we negotiate has those.
    /// </returns>
    public DropReason UnprotectRtcp(Span<byte> packet, out int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        length = 0;
        if (packet.Length < SrtpTransform.RtcpClearLength + _rtcp.RtcpOverhead)
            return DropReason.TooShort;
        if (!_rtcp.TryReadRtcpIndex(packet, out uint index))
            return DropReason.AuthFailed;

        var sender = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
        ReplayWindow? window = _rtcpSources.Find(sender);
        if (window is null && _rtcpSources.IsFull)
            return DropReason.TooManySources;
        if (window is not null && window.IsReplay(index))
            return DropReason.Replay;

        if (!_rtcp.TryUnprotectRtcp(packet, sender, index))
            return DropReason.AuthFailed;

        if (window is null)
            _rtcpSources.Add(sender, index);
        else
            window.Add(index);
        length = packet.Length - _rtcp.RtcpOverhead;
        return DropReason.None;
    }

    public void Dispose()
    {
        _isDisposed = true;
        _rtpKeys?.Dispose();
        _rtp?.Dispose();
        _rtcp.Dispose();
    }
}
