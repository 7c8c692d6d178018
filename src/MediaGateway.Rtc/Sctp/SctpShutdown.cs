using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// The remote's graceful end (RFC 9260 section 9.2): once it has sent SHUTDOWN and has everything of ours, SHUTDOWN ACK,
/// until SHUTDOWN COMPLETE. We never begin one: <see cref="SctpAssociation.Close"/> aborts.
/// </summary>
internal sealed class SctpShutdown
{
    private int _timeouts;
    private bool _isDue;
    private bool _isAcknowledging;

    public bool HasBegun { get; private set; }

    /// <summary>T2-shutdown.</summary>
    public MonotonicTime Deadline { get; private set; } = MonotonicTime.Never;

    /// <summary>SHUTDOWN acknowledges too, though it says nothing of a window.</summary>
    public static bool TryParse(in SctpChunk chunk, uint window, out SackChunk acknowledgement)
    {
        bool fits = chunk.Value.Length >= sizeof(uint);
        acknowledgement = fits ? new SackChunk(new Tsn(BinaryPrimitives.ReadUInt32BigEndian(chunk.Value)), window) : default;
        return fits;
    }

    public void Begin()
    {
        HasBegun = true;
        _isDue = true;
    }

    /// <summary>False when the remote does not complete it.</summary>
    public bool OnTimeout(MonotonicTime now, SctpOptions options, RetransmissionTimeout timeout)
    {
        if (Deadline > now)
            return true;
        timeout.BackOff();
        _isDue = true;
        return ++_timeouts <= options.MaxRetransmissions;
    }

    public void Write(ref SctpPacketWriter writer, bool isIdle, RetransmissionTimeout timeout, MonotonicTime now)
    {
        _isAcknowledging |= HasBegun && isIdle;
        if (!_isAcknowledging || !_isDue || writer.Room < 0)
            return;
        _isDue = false;
        Deadline = now + timeout.Value;
        writer.Append(SctpChunkType.ShutdownAck, 0, 0);
    }
}
