using System.Collections.Immutable;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Server.Node;

/// <summary>The slates that ship with the gateway: Slates/make.sh makes them.</summary>
internal static class Slates
{
    public static SlateLibrary Load() => new(Enum.GetValues<SlatePattern>().ToImmutableDictionary(
        pattern => pattern,
        pattern => ImmutableArray.Create(SlateClipReader.ReadVp8(Read(pattern, "ivf")), SlateClipReader.ReadH264(Read(pattern, "h264")))));

    private static byte[] Read(SlatePattern pattern, string extension)
    {
        string name = $"Slates/{pattern.ToString().ToLowerInvariant()}.{extension}";
        using Stream resource = typeof(Slates).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
