using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Http;

/// <summary>Reads a small text body whole, within bounds.</summary>
internal static class RequestBody
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="request">The request.</param>
    /// <param name="contentType">The one media type taken; parameters such as charset are ignored.</param>
    /// <param name="maxBytes">Largest body.</param>
    /// <param name="malformed">The code for a body that is empty or no UTF-8.</param>
    /// <exception cref="ContractException">UnsupportedContentType, BodyTooLarge or <paramref name="malformed"/>.</exception>
    public static async Task<string> ReadAsync(HttpRequest request, string contentType, int maxBytes, ErrorCode malformed)
    {
        RequireContentType(request, contentType);
        if (request.ContentLength > maxBytes)
            throw TooLarge(maxBytes);
        ReadResult result = await ReadToEndAsync(request.BodyReader, maxBytes, request.HttpContext.RequestAborted);
        string? text = Decode(result.Buffer);
        request.BodyReader.AdvanceTo(result.Buffer.End);
        if (string.IsNullOrWhiteSpace(text))
            throw new ContractException(malformed, $"The body is empty or not UTF-8; send {contentType}.");
        return text;
    }

    private static void RequireContentType(HttpRequest request, string expected)
    {
        ReadOnlySpan<char> actual = request.ContentType;
        int parameters = actual.IndexOf(';');
        ReadOnlySpan<char> mediaType = (parameters < 0 ? actual : actual[..parameters]).Trim();
        if (!mediaType.Equals(expected, StringComparison.OrdinalIgnoreCase))
            throw new ContractException(ErrorCode.UnsupportedContentType, $"Send Content-Type: {expected}.");
    }

    private static async Task<ReadResult> ReadToEndAsync(PipeReader reader, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > maxBytes)
                throw TooLarge(maxBytes);
            if (result.IsCompleted)
                return result;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static string? Decode(ReadOnlySequence<byte> body)
    {
        try
        {
            return StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ContractException TooLarge(int maxBytes) => new(ErrorCode.BodyTooLarge, $"The body may have {maxBytes} bytes at most.");
}
