using System.Buffers.Binary;
using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>Attacks on an established call whose DTLS is the real one.</summary>
public sealed class WorkerOpenSslTests : IDisposable
{
    private static readonly NetworkPath Home = SimulatedCall.PathOf(1);

    private readonly DtlsCertificate _certificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
    private readonly OpenSslDtlsContext _dtls;
    private readonly SimulatedCall _call;

    public WorkerOpenSslTests()
    {
        _dtls = new OpenSslDtlsContext(_certificate);
        _call = new SimulatedCall(dtls: (_dtls, _dtls));
    }

    [Theory]
    [InlineData(21)] // alert
    [InlineData(22)] // handshake
    [InlineData(23)] // application data
    public void Forged_record_of_the_encrypted_epoch_ends_no_call(byte contentType)
    {
        (Publisher peer, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Connect(remote);
        Assert.Equal(PeerTransportState.Connected, peer.Transport.State);

        for (int length = 0; length <= 64; length++)
            _call.Receive(Record(contentType, length), Home);
        _call.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(PeerTransportState.Connected, peer.Transport.State);
        _call.Receive(remote.CreateMedia(RemoteOffer.Audio, RemoteOffer.Opus, 1, 0, [0x78, 1, 2]), Home);
        Assert.True(peer.Transport.Rtp.Receivers[0].Encodings[0].HasReceived);
    }

    [Fact]
    public void Repeated_client_hello_ends_no_call()
    {
        (Publisher peer, RemotePeer remote) = _call.OpenPublisher(Home);
        _call.Check(remote);
        remote.StartDtls(_call.Now);
        Assert.True(remote.TryTakeOutgoing(out byte[]? clientHello));
        _call.Receive(clientHello!, Home);
        Assert.Equal(PeerTransportState.Connected, peer.Transport.State);

        for (int i = 0; i < 10; i++)
            _call.Receive(clientHello!, Home);

        Assert.Equal(PeerTransportState.Connected, peer.Transport.State);
    }

    public void Dispose()
    {
        _call.Dispose();
        _dtls.Dispose();
        _certificate.Dispose();
    }

    private static byte[] Record(byte contentType, int length)
    {
        const int HeaderLength = 13;
        byte[] record = new byte[HeaderLength + length];
        record[0] = contentType;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(1), 0xFEFD);
        BinaryPrimitives.WriteUInt64BigEndian(record.AsSpan(3), (1UL << 48) | (1000 + (uint)length));
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)length);
        return record;
    }
}
