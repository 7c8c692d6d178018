using MediaGateway.Testing.Data;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The envelope of data packets: see <see cref="DataPacketProperties"/>.</summary>
public sealed class DataPacketFuzzTarget : IFuzzTarget
{
    public string Name => "data-packet";

    public IEnumerable<byte[]> Seeds => DataPacketProperties.Seeds;

    public void Run(ReadOnlySpan<byte> input) => DataPacketProperties.Check(input);
}
