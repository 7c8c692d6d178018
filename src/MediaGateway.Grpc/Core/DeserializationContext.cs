using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller reads a message from.</summary>
public abstract class DeserializationContext
{
    public virtual int PayloadLength => throw new NotSupportedException();

    public virtual byte[] PayloadAsNewBuffer() => throw new NotSupportedException();

    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotSupportedException();
}
