using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>A message on a stream, framed alike by Connect and gRPC: a byte of flags, the length in 32 bits, and the payload.</summary>
internal static class Envelope
{
    public const int HeaderLength = 5;
    public const byte Compressed = 1;

    /// <summary>The flag of Connect's last envelope, whose payload says how the call ended.</summary>
    public const byte EndOfStream = 2;

    public static byte[] Create(byte flags, ReadOnlySpan<byte> payload)
    {
        byte[] envelope = new byte[HeaderLength + payload.Length];
        envelope[0] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(envelope.AsSpan(1), (uint)payload.Length);
        payload.CopyTo(envelope.AsSpan(HeaderLength));
        return envelope;
    }

    /// <summary>Takes one whole envelope from the beginning of a buffer.</summary>
    /// <exception cref="RpcException">The flags are not known, or the message is longer than it may be.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, int maxLength, out byte flags, out byte[] payload)
    {
        flags = 0;
        payload = [];
        if (buffer.Length < HeaderLength)
            return false;
        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        flags = header[0];
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (flags > Compressed)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"A message begins with the unknown flags {flags}."));
        if (length > maxLength)
            throw TooLong(maxLength);
        if (buffer.Length < HeaderLength + length)
            return false;
        payload = buffer.Slice(HeaderLength, length).ToArray();
        buffer = buffer.Slice(HeaderLength + length);
        return true;
    }

    /// <summary>Decompresses no more than is allowed, whatever the message would become.</summary>
    /// <exception cref="RpcException">The bytes are not gzip's, or become longer than they may.</exception>
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
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The request says that it is compressed by gzip, and is not."));
        }
    }

    public static RpcException TooLong(int maxLength) =>
        new(new Status(StatusCode.ResourceExhausted, $"The request is longer than {maxLength} bytes."));
}
