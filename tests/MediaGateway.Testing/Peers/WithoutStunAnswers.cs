using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Peers;

/// <summary>What a client's lite agent answers to its own synthetic checks goes nowhere.</summary>
internal sealed class WithoutStunAnswers(IDatagramSender inner) : IDatagramSender
{
    private const byte SuccessResponse = 1;

    public Span<byte> Reserve() => inner.Reserve();

    public void Commit(int length, in NetworkPath path)
    {
        if (inner.Reserve()[0] != SuccessResponse)
            inner.Commit(length, path);
    }
}
