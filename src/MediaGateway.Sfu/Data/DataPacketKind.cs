namespace MediaGateway.Sfu.Data;

/// <summary>The data channel that a packet came and goes on. The numbers are those on the wire.</summary>
public enum DataPacketKind
{
    Reliable = 0,
    Lossy = 1,
}
