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
    /// <exception cref="ContractException">
    /// UnsupportedContentType, UnsupportedContentEncoding, BodyTooLarge or <paramref name="malformed"/>.
    /// </exception>
    public static async Task<string> ReadAsync(HttpRequest request, string contentType, int maxBytes, ErrorCode malformed)
    {
        RequireContentType(request, contentType);
        string? text = Decode(await ReadBytesAsync(request, maxBytes));
        if (string.IsNullOrWhiteSpace(text))
            throw new ContractException(malformed, $"The body is empty or not UTF-8; send {contentType}.");
        return text;
    }

    /// <summary>Reads a body whole, within bounds.</summary>
    /// <exception cref="ContractException">UnsupportedContentEncoding or BodyTooLarge.</exception>
    public static async Task<byte[]> ReadBytesAsync(HttpRequest request, int maxBytes)
    {
        RequireIdentity(request);
        if (request.ContentLength > maxBytes)
            throw TooLarge(maxBytes);
        ReadOnlySequence<byte> body = await ReadToEndAsync(request.BodyReader, maxBytes, request.HttpContext.RequestAborted);
        byte[] bytes = body.ToArray();
        request.BodyReader.AdvanceTo(body.End);
        return bytes;
    }

    /// <summary>Refuses a body in a content coding, and says that none is taken (RFC 9110 sections 12.5.3 and 15.5.16).</summary>
    /// <exception cref="ContractException">UnsupportedContentEncoding.</exception>
    public static void RequireIdentity(HttpRequest request)
    {
        const string Identity = "identity";
        string coding = request.Headers.ContentEncoding.ToString();
        if (coding.Length == 0 || coding.Equals(Identity, StringComparison.OrdinalIgnoreCase))
            return;
        request.HttpContext.Response.Headers.AcceptEncoding = Identity;
        throw new ContractException(ErrorCode.UnsupportedContentEncoding, "Send the body as it is, without Content-Encoding.");
    }

    private static void RequireContentType(HttpRequest request, string expected)
    {
        ReadOnlySpan<char> actual = request.ContentType;
        int parameters = actual.IndexOf(';');
        ReadOnlySpan<char> mediaType = (parameters < 0 ? actual : actual[..parameters]).Trim();
        if (mediaType.Equals(expected, StringComparison.OrdinalIgnoreCase))
            return;
        // RFC 5789 section 2.2 has a PATCH told so; Accept-Post is the same for POST.
        request.HttpContext.Response.Headers[HttpMethods.IsPatch(request.Method) ? "Accept-Patch" : "Accept-Post"] = expected;
        throw new ContractException(ErrorCode.UnsupportedContentType, $"Send Content-Type: {expected}.");
    }

    private static async Task<ReadOnlySequence<byte>> ReadToEndAsync(PipeReader reader, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > maxBytes)
            {
                // Whoever drains the body goes on reading behind it.
                reader.AdvanceTo(result.Buffer.End);
                throw TooLarge(maxBytes);
            }
            if (result.IsCompleted)
                return result.Buffer;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static string? Decode(byte[] body)
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
