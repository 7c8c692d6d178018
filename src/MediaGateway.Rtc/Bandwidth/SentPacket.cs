using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>A numbered packet that was sent; 16 bytes.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Entry of a ring, never compared.")]
internal struct SentPacket(MonotonicTime sent, int bytes, byte probe)
{
    public readonly MonotonicTime Sent { get; } = sent;

    /// <summary>Length on the wire with IP and UDP headers.</summary>
    public readonly ushort Bytes { get; } = (ushort)bytes;

    /// <summary>Number of the probe cluster that it was sent in; 0 for none.</summary>
    public readonly byte Probe { get; } = probe;

    public PacketFate Fate { get; set; }
}
