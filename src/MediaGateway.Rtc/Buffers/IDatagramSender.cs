using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Buffers;

/// <summary>
/// A worker's outgoing batch. A packet is written, and encrypted, straight into the slot it leaves from.
/// Ownership: the slot belongs to the sender; the caller borrows it from <see cref="Reserve"/> until
/// <see cref="Commit"/> or the next <see cref="Reserve"/>, whichever comes first. An uncommitted slot is used again.
/// Single-threaded: called only by the worker that owns it.
/// </summary>
public interface IDatagramSender
{
    /// <summary>The longest datagram a slot holds, in bytes.</summary>
    public const int MaxDatagram = 1500;

    /// <summary>Borrows a slot of <see cref="MaxDatagram"/> bytes. The sender may send what is committed to make room.</summary>
    public Span<byte> Reserve();

    /// <summary>Hands the slot's first <paramref name="length"/> bytes over for sending along <paramref name="path"/>.</summary>
    public void Commit(int length, in NetworkPath path);

    /// <summary>
    /// Sends what is committed now instead of after the tick: what follows takes long. Nothing for a sender that keeps nothing.
    /// </summary>
    public void Flush()
    {
    }
}
