using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace MediaGateway.Grpc.Server;

/// <summary>HTTP headers as metadata and back: bytes are base64, without padding or with it.</summary>
internal static class HeaderMetadata
{
    private static readonly string[] Reserved = ["te", "content-type", "content-length", "host", "connection", "transfer-encoding"];

    public static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in headers)
        {
            string key = name.ToLowerInvariant();
            if (key.StartsWith(':') || key.StartsWith("grpc-", StringComparison.Ordinal) || Reserved.Contains(key))
                continue;
            foreach (string value in values.OfType<string>())
                Add(metadata, key, value);
        }
        return metadata;
    }

    public static string TextOf(Metadata.Entry entry) => entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;

    /// <summary>What is no metadata is not passed on: a header need not be one.</summary>
    private static void Add(Metadata metadata, string key, string value)
    {
        try
        {
            if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
            {
                metadata.Add(key, value);
                return;
            }
            // Several values may be joined by commas, which base64 does not have.
            foreach (string part in value.Split(','))
                metadata.Add(key, Convert.FromBase64String(Padded(part.Trim())));
        }
        catch (Exception bad) when (bad is ArgumentException or FormatException)
        {
        }
    }

    private static string Padded(string text) => text.PadRight((text.Length + 3) / 4 * 4, '=');
}
