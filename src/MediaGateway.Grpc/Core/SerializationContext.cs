using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller writes a message.</summary>
public abstract class SerializationContext
{
    public virtual void SetPayloadLength(int payloadLength) => throw new NotSupportedException();

    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    public virtual void Complete() => throw new NotSupportedException();

    public virtual void Complete(byte[] payload) => throw new NotSupportedException();
}
