using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Google.Protobuf;
using MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>The query parameter <c>join_request</c>: base64url of a wrapper around a join request, which may be compressed.</summary>
internal static class JoinRequestCodec
{
    private static readonly MessageParser<JoinRequest> Requests = JoinRequest.Parser.WithDiscardUnknownFields(true);

    /// <param name="text">Base64url, with or without padding.</param>
    /// <param name="maxBytes">Of the request once it is unpacked.</param>
    /// <param name="request">The request.</param>
    public static bool TryDecode(string text, int maxBytes, [NotNullWhen(true)] out JoinRequest? request)
    {
        request = null;
        byte[] bytes = new byte[text.Length];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out int length) != OperationStatus.Done)
            return false;
        return ProtobufMessages.TryParse(WrappedJoinRequest.Parser, bytes.AsSpan(0, length), out WrappedJoinRequest? wrapped)
            && TryUnpack(wrapped, maxBytes, out ReadOnlyMemory<byte> packed)
            && ProtobufMessages.TryParse(Requests, packed.Span, out request);
    }

    private static bool TryUnpack(WrappedJoinRequest wrapped, int maxBytes, out ReadOnlyMemory<byte> request)
    {
        request = wrapped.JoinRequest.Memory;
        return wrapped.Compression switch
        {
            WrappedJoinRequest.Types.Compression.None => request.Length <= maxBytes,
            WrappedJoinRequest.Types.Compression.Gzip => TryUnzip(request, maxBytes, out request),
            _ => false,
        };
    }

    /// <summary>Stops at the limit: a few kilobytes of gzip can unpack to a thousand times as much.</summary>
    private static bool TryUnzip(ReadOnlyMemory<byte> zipped, int maxBytes, out ReadOnlyMemory<byte> unzipped)
    {
        unzipped = default;
        using MemoryStream source = new(zipped.ToArray(), writable: false);
        using GZipStream gzip = new(source, CompressionMode.Decompress);
        using MemoryStream target = new();
        byte[] chunk = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = gzip.Read(chunk)) > 0)
            {
                if (target.Length + read > maxBytes)
                    return false;
                target.Write(chunk, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
        unzipped = target.GetBuffer().AsMemory(0, (int)target.Length);
        return true;
    }
}
