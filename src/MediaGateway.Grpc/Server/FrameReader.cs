using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;

namespace MediaGateway.Grpc.Server;

/// <summary>Takes messages apart: a flag byte, a length of 32 bits, the message.</summary>
/// <param name="reader">The request's body.</param>
/// <param name="isGzip">Messages with the flag are compressed by gzip; otherwise the flag is an error.</param>
/// <param name="maxLength">Bytes of a message after decompression.</param>
internal sealed class FrameReader(PipeReader reader, bool isGzip, int maxLength)
{
    public const int HeaderLength = 5;

    private const byte CompressedFlag = 1;

    /// <summary>The next message; null at the end.</summary>
    /// <exception cref="RpcException">The body breaks off, or a message is too long.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            bool isWhole = false;
            byte flags;
            byte[]? message;
            try
            {
                isWhole = TryTake(ref buffer, out flags, out message);
            }
            finally
            {
                // Also when that failed: the rest of the body is still to be read, and thrown away.
                reader.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
            }
            if (isWhole)
                return (flags & CompressedFlag) == 0 ? message : isGzip ? Decompress(message!, maxLength) : throw NotCompressed();
            if (!result.IsCompleted)
                continue;
            return buffer.IsEmpty ? null : throw new RpcException(new Status(StatusCode.Internal, "The request ends within a message."));
        }
    }

    /// <summary>Reads on until the end of the body, or until the token fires, and throws it all away.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    /// <exception cref="RpcException">It is no gzip, or too long.</exception>
    public static byte[] Decompress(byte[] compressed, int maxLength)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            byte[] chunk = new byte[16 * 1024];
            for (int read = gzip.Read(chunk); read > 0; read = gzip.Read(chunk))
            {
                if (plain.Length + read > maxLength)
                    throw TooLong(maxLength);
                plain.Write(chunk, 0, read);
            }
            return plain.ToArray();
        }
        catch (InvalidDataException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The request is not compressed by gzip, as it says."));
        }
    }

    public static RpcException TooLong(int maxLength) =>
        new(new Status(StatusCode.ResourceExhausted, $"The request is longer than {maxLength} bytes."));

    private bool TryTake(ref ReadOnlySequence<byte> buffer, out byte flags, out byte[]? message)
    {
        flags = 0;
        message = null;
        if (buffer.Length < HeaderLength)
            return false;
        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        flags = header[0];
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (flags > CompressedFlag)
            throw new RpcException(new Status(StatusCode.Internal, $"A message begins with the unknown flags {flags}."));
        if (length > maxLength)
            throw TooLong(maxLength);
        if (buffer.Length < HeaderLength + length)
            return false;
        message = buffer.Slice(HeaderLength, length).ToArray();
        buffer = buffer.Slice(HeaderLength + length);
        return true;
    }

    private static RpcException NotCompressed() =>
        new(new Status(StatusCode.Internal, "A message is marked as compressed, but the call names no compression that is known here: gzip."));
}
