namespace MediaGateway.Sfu.Data;

/// <summary>Which data channel a packet came and goes on. The numbers are the wire's.</summary>
public enum DataPacketKind
{
    Reliable = 0,
    Lossy = 1,
}
