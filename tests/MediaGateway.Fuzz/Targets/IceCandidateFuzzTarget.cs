using System.Text;
using MediaGateway.Rtc.Ice;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The candidate attribute: no text makes the parser throw, and what parses is written so that it parses to the same.</summary>
public sealed class IceCandidateFuzzTarget : IFuzzTarget
{
    public string Name => "ice-candidate";

    public IEnumerable<byte[]> Seeds =>
    [
        "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998"u8.ToArray(),
        "1 1 TCP 2105524479 fd00::2 9 typ host tcptype active generation 0"u8.ToArray(),
        "5 1 udp 1 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host"u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!IceCandidate.TryParse(Encoding.Latin1.GetString(input), out IceCandidate? candidate))
            return;
        if (!IceCandidate.TryParse(candidate.ToString(), out IceCandidate? again) || again != candidate)
            throw new InvalidOperationException($"Violated: a candidate survives a round trip ({candidate}).");
    }
}
