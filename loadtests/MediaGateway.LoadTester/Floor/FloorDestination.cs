using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Srtp;

namespace MediaGateway.LoadTester.Floor;

/// <summary>A viewer of the floor. Ownership: owns its keys.</summary>
internal sealed class FloorDestination(TransportAddress address, byte[] key, byte[] salt, (Ssrc First, Ssrc Last) own) : IDisposable
{
    public NetworkPath Path { get; } = new(new EndpointId(0), address);

    public SrtpSender Srtp { get; } = new(SrtpProfile.AeadAes128Gcm, key, salt);

    /// <summary>True for a source of the destination itself: nobody gets back what they sent.</summary>
    public bool Sends(Ssrc ssrc) => ssrc.Value >= own.First.Value && ssrc.Value <= own.Last.Value;

    public void Dispose() => Srtp.Dispose();
}
