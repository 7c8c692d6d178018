using System.Reflection;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The descriptions of real clients that are embedded in this program.</summary>
internal static class SdpSeeds
{
    public static IEnumerable<byte[]> Descriptions
    {
        get
        {
            Assembly assembly = typeof(SdpSeeds).Assembly;
            foreach (string name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sdp", StringComparison.Ordinal)))
            {
                using Stream stream = assembly.GetManifestResourceStream(name)!;
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                yield return bytes;
            }
        }
    }
}
