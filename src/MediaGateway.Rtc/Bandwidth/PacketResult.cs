using System.Runtime.InteropServices;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// Outcome of one packet by feedback, whatever its kind. Each packet has one result at most: a packet that is told to be
/// missing has it when it can no longer be on its way.
/// </summary>
/// <param name="Sent">Time at which it was handed over for sending.</param>
/// <param name="Arrival">Time of its arrival on the receiver's clock, whose origin is unknown; without meaning for a lost packet.</param>
/// <param name="IsReceived">False for a packet that was lost.</param>
/// <param name="Bytes">Length on the wire with IP and UDP headers.</param>
/// <param name="Probe">Number of the probe cluster that it was sent in; 0 for none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacketResult(MonotonicTime Sent, TimeSpan Arrival, bool IsReceived, int Bytes, byte Probe);
