using System.Text;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>Parsing never throws; what parses is written to a text that parses to the same text.</summary>
public sealed class SdpFuzzTarget : IFuzzTarget
{
    public string Name => "sdp";

    public IEnumerable<byte[]> Seeds => SdpSeeds.Descriptions;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!SessionDescription.TryParse(Encoding.UTF8.GetString(input), SdpLimits.Default, out SessionDescription? description, out _))
            return;
        string written = description!.ToString();
        Property.Holds(SessionDescription.TryParse(written, SdpLimits.None, out SessionDescription? again, out SdpError? error),
            $"what was written parses: {error}");
        Property.Holds(again!.ToString() == written, "writing is stable");
    }
}
