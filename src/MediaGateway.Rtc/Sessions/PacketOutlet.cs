using System.Diagnostics;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Srtp;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// The way out to one remote: the outgoing batch, the keys that protect a packet and the path it leaves by, side by side in one
/// object, so that a fan-out has little memory to wait for per subscriber. A packet is written into the slot that
/// <see cref="TryReserve"/> lends and handed over by a commit. Only the worker that the transport is attached to calls it.
/// <para><b>Nothing leaves before <see cref="Open"/>, and nothing in the clear unless it was opened without keys.</b></para>
/// </summary>
/// <param name="congestion">What is known of the way behind it.</param>
public sealed class PacketOutlet(CongestionController congestion)
{
    /// <summary>Most bytes that SRTP adds to an RTP packet.</summary>
    internal const int MaxOverhead = 16;

    // IPv4 (RFC 791) or IPv6 (RFC 8200) without options, and UDP (RFC 768).
    private const int IPv4Overhead = 20 + 8;
    private const int IPv6Overhead = 40 + 8;

    private IDatagramSender? _datagrams;
    private SrtpSender? _srtp;
    private NetworkPath _path;
    private int _pathOverhead;

    /// <summary>Knowledge of the way behind it; all senders tell it of their packets.</summary>
    internal CongestionController Congestion { get; } = congestion;

    /// <summary>True from <see cref="Open"/> to <see cref="Close"/>: what is sent in between can be read by the remote.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Path that packets leave on; none while no path is known.</summary>
    internal NetworkPath Path => _path;

    /// <summary>Hands the outlet over to a worker.</summary>
    internal void Attach(IDatagramSender datagrams) => _datagrams = datagrams;

    internal void SetPath(in NetworkPath path)
    {
        _path = path;
        _pathOverhead = path.Remote.IsIPv4 ? IPv4Overhead : IPv6Overhead;
    }

    /// <summary>Lets packets out.</summary>
    /// <param name="srtp">The keys, which stay the caller's to dispose of; null for packets in the clear.</param>
    internal void Open(SrtpSender? srtp)
    {
        Debug.Assert(!IsOpen, "New keys would begin the packet indices anew.");
        _srtp = srtp;
        IsOpen = true;
    }

    internal void Close() => IsOpen = false;

    /// <summary>Borrows a slot for one packet until its commit or the next call; false while nothing can be sent.</summary>
    internal bool TryReserve(out Span<byte> slot)
    {
        if (!IsOpen || _datagrams is null || _path.IsNone)
        {
            slot = default;
            return false;
        }
        slot = _datagrams.Reserve();
        return true;
    }

    /// <summary>Protects an RTP packet and hands it over for sending.</summary>
    /// <param name="slot">What <see cref="TryReserve"/> lent.</param>
    /// <param name="length">Length of the packet, bytes; at least <see cref="MaxOverhead"/> less than the slot's.</param>
    /// <param name="headerLength">Length of its header with the extension block, bytes.</param>
    /// <param name="ssrc">The SSRC in the header.</param>
    /// <param name="index">The packet index of RFC 3711 section 3.3.1: never the same for two packets of an SSRC that differ.</param>
    /// <returns>Length on the wire with IP and UDP headers, bytes.</returns>
    internal int Commit(Span<byte> slot, int length, int headerLength, Ssrc ssrc, ExtendedSequence index)
    {
        Debug.Assert(IsOpen, "Only a slot that was reserved is committed.");
        if (_srtp is { } srtp)
            length = srtp.ProtectRtp(slot, length, headerLength, ssrc, index);
        _datagrams!.Commit(length, _path);
        return length + _pathOverhead;
    }

    /// <summary>Protects a compound or reduced-size RTCP packet and hands it over for sending.</summary>
    internal void CommitRtcp(Span<byte> slot, int length)
    {
        Debug.Assert(IsOpen, "Only a slot that was reserved is committed.");
        if (_srtp is { } srtp)
            length = srtp.ProtectRtcp(slot, length);
        _datagrams!.Commit(length, _path);
    }

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    internal void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance > 1)
            _srtp?.Prefetch(prefetcher, distance - 1);
        else
            prefetcher.Prefetch(_srtp, 1);
    }
}
