using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Buffers;

/// <summary>
/// The logic that a worker's thread drives: the thread hands over each received datagram, then ticks once per batch, flushes the
/// <see cref="IDatagramSender"/>, and sleeps until the next datagram, wake-up or deadline. A batch that takes long is
/// interrupted for a tick and a flush.
/// </summary>
public interface IDatapathHandler
{
    /// <summary>The calling thread drives the handler from now on. Called first, on that thread.</summary>
    public void OnThreadStarted()
    {
    }

    /// <summary>
    /// One received datagram. The span is borrowed for the call and may be changed in place (decryption).
    /// Never throws for what a remote sent.
    /// </summary>
    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now);

    /// <summary>The path has closed, as a connection does: nothing comes or leaves along it any more. After its last datagram.</summary>
    public void OnPathClosed(in NetworkPath path, MonotonicTime now)
    {
    }

    /// <summary>Runs due timers and queued commands, and returns when it wants to be called again at the latest.</summary>
    public MonotonicTime OnTick(MonotonicTime now);

    /// <summary>Reports how busy the thread has been; called several times a second while it works, before a tick.</summary>
    public void OnLoad(in WorkerLoad load, MonotonicTime now)
    {
    }
}
