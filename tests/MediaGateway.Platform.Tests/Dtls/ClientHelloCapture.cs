using System.Globalization;
using System.Reflection;

namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>ClientHellos captured from real stacks, one file a datagram.</summary>
internal static class ClientHelloCapture
{
    internal static readonly string[] Stacks = ["aiortc", "chromium", "firefox", "node-datachannel", "pion", "werift", "wrtc"];

    internal static byte[][] Load(string stack)
    {
        var datagrams = new List<byte[]>();
        while (Read(string.Create(CultureInfo.InvariantCulture, $"{stack}-{datagrams.Count}.bin")) is { } datagram)
            datagrams.Add(datagram);
        return [.. datagrams];
    }

    private static byte[]? Read(string file)
    {
        Assembly assembly = typeof(ClientHelloCapture).Assembly;
        using Stream? stream = assembly.GetManifestResourceStream($"MediaGateway.Platform.Tests.Dtls.Fixtures.{file}");
        if (stream is null)
            return null;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
