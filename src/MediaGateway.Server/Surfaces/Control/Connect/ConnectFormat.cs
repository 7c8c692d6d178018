using System.Net.Mime;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>Format in which a client of the Connect protocol writes its messages, as its content type states.</summary>
/// <param name="IsStream">Whether messages come in envelopes; a unary call's body is the message alone.</param>
/// <param name="IsJson">Whether messages are protobuf's JSON rather than its binary form.</param>
internal readonly record struct ConnectFormat(bool IsStream, bool IsJson)
{
    /// <summary>The value of the Accept-Post header: all content types that a method may be called with.</summary>
    public const string Accepted = "application/grpc, application/grpc-web, application/grpc-web-text, "
        + "application/proto, application/json, application/connect+proto, application/connect+json";

    /// <summary>The content type that answers are sent with.</summary>
    public string ContentType => (IsStream, IsJson) switch
    {
        (false, true) => MediaTypeNames.Application.Json,
        (false, false) => "application/proto",
        (true, true) => "application/connect+json",
        (true, false) => "application/connect+proto",
    };

    /// <summary>The header that names the compression of the request.</summary>
    public string EncodingHeader => IsStream ? "Connect-Content-Encoding" : "Content-Encoding";

    /// <returns>False when the content type is not one of the Connect protocol.</returns>
    public static bool TryParse(string? contentType, out ConnectFormat format)
    {
        ReadOnlySpan<char> type = contentType;
        int parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        foreach (ConnectFormat candidate in (ReadOnlySpan<ConnectFormat>)[new(false, true), new(false, false), new(true, true),
            new(true, false)])
        {
            if (!type.Equals(candidate.ContentType, StringComparison.OrdinalIgnoreCase))
                continue;
            format = candidate;
            return true;
        }
        format = default;
        return false;
    }
}
