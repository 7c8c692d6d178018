using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Dtls;

/// <summary>
/// One DTLS 1.2 connection without I/O or clock of its own. One owner at a time, no locks. Nothing a remote sends
/// makes it throw. Feed it only datagrams from an address that passed an authenticated ICE check.
/// </summary>
public interface IDtlsEndpoint : IDisposable
{
    public DtlsState State { get; }

    /// <summary>Time at which <see cref="OnTimeout"/> is to be called; <see cref="MonotonicTime.Never"/> when no timer runs.</summary>
    public MonotonicTime NextTimeout { get; }

    /// <summary>Starts the handshake: a client sends its ClientHello, a server waits for one.</summary>
    public void Start(MonotonicTime now);

    /// <summary>One datagram. Returns why it was dropped whole, or <see cref="DropReason.None"/>.</summary>
    public DropReason OnDatagram(ReadOnlySpan<byte> datagram, MonotonicTime now);

    /// <summary>Runs due timers; may be called early.</summary>
    public void OnTimeout(MonotonicTime now);

    /// <summary>The process stood still for a time in which it heard nothing: that time does not count for the handshake.</summary>
    public void OnStandstill(TimeSpan time, MonotonicTime now);

    /// <summary>Sends one record of application data; false unless connected and at most 1,200 bytes.</summary>
    public bool TrySend(ReadOnlySpan<byte> data, MonotonicTime now);

    /// <summary>Sends close_notify when connected, and ends.</summary>
    public void Close(MonotonicTime now);
}
