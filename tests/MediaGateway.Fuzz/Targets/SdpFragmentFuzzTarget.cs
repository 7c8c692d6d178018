using System.Text;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>Parsing never throws; what parses is written to a text that parses to the same text.</summary>
public sealed class SdpFragmentFuzzTarget : IFuzzTarget
{
    public string Name => "sdp-fragment";

    public IEnumerable<byte[]> Seeds =>
    [
        Encoding.UTF8.GetBytes(
            "a=ice-lite\r\na=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
            + "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ "
                + "host\r\na=end-of-candidates\r\n"),
        Encoding.UTF8.GetBytes(
        "a=ice-ufrag:EsAw\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\na=candidate:1 1 tcp 1 ::1 9 typ host tcptype active\n"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!SdpFragment.TryParse(Encoding.UTF8.GetString(input), SdpLimits.Default, out SdpFragment? fragment, out _))
            return;
        string written = fragment!.ToString();
        Property.Holds(SdpFragment.TryParse(written, SdpLimits.None, out SdpFragment? again, out SdpError? error),
            $"what was written parses: {error}");
        Property.Holds(again!.ToString() == written, "writing is stable");
        Property.Holds(again.TrickledCandidates.SequenceEqual(fragment.TrickledCandidates), "candidates survive");
    }
}
