using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Media;

/// <summary>The output that a source's packets go to.</summary>
internal interface IPacketOutput
{
    /// <summary>Borrows a slot; false while nothing can be sent.</summary>
    public bool TryReserve(out Span<byte> slot);

    /// <summary>The transport-wide number of the next packet, of whatever track.</summary>
    public ushort NextTransportSequence();

    /// <summary>Sends what was written into it.</summary>
    public void Send(Span<byte> slot, int length, int headerLength, Ssrc ssrc, ExtendedSequence index);
}
