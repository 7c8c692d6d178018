using System.Buffers;
using System.Reflection;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace MediaGateway.Grpc.Server;

/// <summary>Messages of one type as protobuf, or as protobuf's JSON.</summary>
internal sealed class MessageCodec<T>(Marshaller<T> marshaller)
    where T : class
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private static readonly MessageDescriptor? Descriptor =
        (MessageDescriptor?)typeof(T).GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);

    public byte[] Serialize(T message, bool isJson)
    {
        if (isJson)
            return Encoding.UTF8.GetBytes(JsonFormatter.Default.Format((IMessage)message));
        var context = new Writer();
        marshaller.ContextualSerializer(message, context);
        return context.Payload;
    }

    /// <exception cref="RpcException">The bytes are no such message.</exception>
    public T Deserialize(byte[] payload, bool isJson)
    {
        try
        {
            if (!isJson)
                return marshaller.ContextualDeserializer(new Reader(payload));
            string text = payload.Length == 0 ? "{}" : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(payload);
            return (T)Parser.Parse(text, Descriptor ?? throw new InvalidOperationException($"{typeof(T)} is no message."));
        }
        catch (Exception fault) when (IsParseFault(fault))
        {
            throw new RpcException(isJson
                ? new Status(StatusCode.InvalidArgument, $"The request is not the JSON of {Descriptor?.FullName}: {fault.Message}")
                : new Status(StatusCode.Internal, "The request is not the message that the method takes."));
        }
    }

    /// <summary>
    /// What Google.Protobuf 3.25.1 throws at bad input. Lengths that overflow 31 bits pass as no limit, and then it reads beyond
    /// the end.
    /// </summary>
    private static bool IsParseFault(Exception fault) => fault is InvalidProtocolBufferException or InvalidJsonException or DecoderFallbackException
        or FormatException or OverflowException or IndexOutOfRangeException or ArgumentException;

    private sealed class Writer : SerializationContext
    {
        private ArrayBufferWriter<byte> _buffer = new();

        public byte[] Payload { get; private set; } = [];

        public override void SetPayloadLength(int payloadLength)
        {
            if (payloadLength > 0)
                _buffer = new ArrayBufferWriter<byte>(payloadLength);
        }

        public override IBufferWriter<byte> GetBufferWriter() => _buffer;

        public override void Complete() => Payload = _buffer.WrittenSpan.ToArray();

        public override void Complete(byte[] payload) => Payload = payload;
    }

    private sealed class Reader(byte[] payload) : DeserializationContext
    {
        public override int PayloadLength => payload.Length;

        public override byte[] PayloadAsNewBuffer() => [.. payload];

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
    }
}
