using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>
/// Pages of lists, for every list the same (https://google.aip.dev/158). A token names the last entry of its page, and the request that the
/// page answered: the same token with another request is refused.
/// </summary>
internal static class PageTokens
{
    public const int MaxPageSize = 1_000;
    public const int DefaultPageSize = 100;

    private const string SizeField = "page_size";
    private const string TokenField = "page_token";

    /// <summary>Length of a request's fingerprint, bytes.</summary>
    private const int FingerprintLength = 6;

    /// <summary>Reads which page a request asks for.</summary>
    /// <param name="request">Request of a list, with the fields page_size and page_token.</param>
    /// <exception cref="ContractException">InvalidRequest for a negative size; InvalidPageToken for a token of another list.</exception>
    public static PageRange Read(IMessage request)
    {
        int size = (int)FieldOf(request, SizeField).GetValue(request);
        string token = (string)FieldOf(request, TokenField).GetValue(request);
        if (size < 0)
            throw Refusal.Invalid(SizeField, $"page_size is 1 to {MaxPageSize}, or 0 for {DefaultPageSize}.");
        return new PageRange(KeyOf(token, request), size == 0 ? DefaultPageSize : Math.Min(size, MaxPageSize));
    }

    /// <summary>Returns the token of the page behind this one; empty when there is none.</summary>
    public static string NextOf<T>(IMessage request, Page<T> page) => page.LastKey is { } key
        ? Base64Url.EncodeToString([.. FingerprintOf(request), .. Encoding.UTF8.GetBytes(key)])
        : "";

    private static string KeyOf(string token, IMessage request)
    {
        if (token.Length == 0)
            return "";
        if (!Base64Url.IsValid(token) || Base64Url.DecodeFromChars(token) is not { Length: > FingerprintLength } bytes)
            throw NoToken();
        return bytes.AsSpan(0, FingerprintLength).SequenceEqual(FingerprintOf(request))
            ? Encoding.UTF8.GetString(bytes, FingerprintLength, bytes.Length - FingerprintLength)
            : throw NoToken();
    }

    /// <summary>Tells requests apart by all that they ask for but the page.</summary>
    private static byte[] FingerprintOf(IMessage request)
    {
        IMessage asked = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        FieldOf(asked, SizeField).Clear(asked);
        FieldOf(asked, TokenField).Clear(asked);
        return SHA256.HashData([.. Encoding.UTF8.GetBytes(asked.Descriptor.FullName), .. asked.ToByteArray()])[..FingerprintLength];
    }

    private static IFieldAccessor FieldOf(IMessage request, string name) => request.Descriptor.FindFieldByName(name).Accessor;

    private static ContractException NoToken() => new(ErrorCode.InvalidPageToken,
        "page_token belongs to another list: send the next_page_token of the answer before with the same request, or nothing.")
    { Field = TokenField };
}
