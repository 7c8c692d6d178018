using System.Buffers;

namespace MediaGateway.Rtc.Sctp;

/// <summary>A whole message out of <see cref="Reassembly"/>. Whoever took it returns its buffer with <see cref="Return"/>.</summary>
internal readonly record struct ReceivedMessage(ushort StreamId, PayloadProtocol Protocol, byte[] Buffer, int Length)
{
    public ReadOnlySpan<byte> Data => Buffer.AsSpan(0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
