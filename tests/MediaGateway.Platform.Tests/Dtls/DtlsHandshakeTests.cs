using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

[Collection(DtlsCollection.Name)]
public sealed class DtlsHandshakeTests(DtlsContexts contexts)
{
    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, 16, 12)]
    [InlineData(SrtpProfile.AeadAes256Gcm, 32, 12)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, 16, 14)]
    public void Handshake_yields_crosswise_keys_of_the_profile(SrtpProfile profile, int keyLength, int saltLength)
    {
        var options = new DtlsOptions { Profiles = [profile] };
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client, options, options);

        DtlsHandshakeResult server = link.Server.Result!, client = link.Client.Result!;
        Assert.Equal(profile, server.Profile);
        Assert.Equal(profile, client.Profile);
        Assert.Equal(keyLength, server.LocalKey.Length);
        Assert.Equal(saltLength, server.LocalSalt.Length);
        Assert.Equal(server.LocalKey, client.RemoteKey);
        Assert.Equal(server.LocalSalt, client.RemoteSalt);
        Assert.Equal(server.RemoteKey, client.LocalKey);
        Assert.Equal(server.RemoteSalt, client.LocalSalt);
        Assert.NotEqual(server.LocalKey, server.RemoteKey);
        Assert.NotEqual(server.LocalSalt, server.RemoteSalt);
        Assert.Equal("ECDHE-ECDSA-AES128-GCM-SHA256", server.CipherSuite);
    }

    [Fact]
    public void Keys_differ_between_handshakes()
    {
        using DtlsLink first = DtlsLink.Connected(contexts.Server, contexts.Client);
        using DtlsLink second = DtlsLink.Connected(contexts.Server, contexts.Client);
        Assert.NotEqual(first.Server.Result!.LocalKey, second.Server.Result!.LocalKey);
    }

    [Fact]
    public void Each_side_gets_the_other_certificate()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        Assert.True(contexts.Client.Fingerprint.Matches(link.Server.Result!.PeerCertificate));
        Assert.True(contexts.Server.Fingerprint.Matches(link.Client.Result!.PeerCertificate));
        Assert.False(contexts.Server.Fingerprint.Matches(link.Server.Result!.PeerCertificate));
    }

    [Fact]
    public void Server_order_of_profiles_wins()
    {
        var server = new DtlsOptions { Profiles = [SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes256Gcm] };
        var client = new DtlsOptions { Profiles = [SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1Tag80] };
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client, server, client);
        Assert.Equal(SrtpProfile.Aes128CmHmacSha1Tag80, link.Server.Result!.Profile);
        Assert.Equal(SrtpProfile.Aes128CmHmacSha1Tag80, link.Client.Result!.Profile);
    }

    [Fact]
    public void No_common_profile_fails_on_both_sides()
    {
        using var link = new DtlsLink(
            contexts.Server, contexts.Client,
            new DtlsOptions { Profiles = [SrtpProfile.AeadAes128Gcm] },
            new DtlsOptions { Profiles = [SrtpProfile.Aes128CmHmacSha1Tag80] });
        link.Start();
        link.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(DtlsEndReason.NoSrtpProfile, link.Server.Ended);
        Assert.Equal(DtlsEndReason.NoSrtpProfile, link.Client.Ended);
        Assert.Equal(DtlsState.Failed, link.Server.Endpoint.State);
        Assert.Null(link.Server.Result);
        Assert.Null(link.Client.Result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Peer_with_an_RSA_certificate_is_accepted(bool rsaIsServer)
    {
        using DtlsCertificate certificate = DtlsCertificate.CreateSelfSignedRsa(TimeProvider.System);
        using var rsa = new OpenSslDtlsContext(certificate);
        using DtlsLink link = rsaIsServer
            ? DtlsLink.Connected(rsa, contexts.Client)
            : DtlsLink.Connected(contexts.Server, rsa);
        DtlsHandshakeResult seen = (rsaIsServer ? link.Client : link.Server).Result!;
        Assert.True(certificate.Fingerprint.Matches(seen.PeerCertificate));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1200)]
    public void Handshake_datagrams_stay_within_the_mtu(int mtu)
    {
        var options = new DtlsOptions { Mtu = mtu };
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client, options, options);
        Assert.All(link.Server.Sent.Concat(link.Client.Sent), datagram => Assert.InRange(datagram.Length, 1, mtu));
    }

    [Fact]
    public void Connected_endpoint_has_no_timer()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        Assert.True(link.Server.Endpoint.NextTimeout.IsNever);
        Assert.True(link.Client.Endpoint.NextTimeout.IsNever);
    }

    [Fact]
    public void Sink_may_answer_from_inside_its_callbacks()
    {
        using var link = new DtlsLink(contexts.Server, contexts.Client);
        link.Server.OnConnected = () => Assert.True(link.Server.Endpoint.TrySend("hello"u8, link.Now));
        link.Client.OnReceived = data => Assert.True(link.Client.Endpoint.TrySend([.. data, (byte)'!'], link.Now));
        link.Start();
        Assert.True(link.RunUntil(() => link.Server.Received.Count == 1, TimeSpan.FromSeconds(1)));
        Assert.Equal("hello!"u8, link.Server.Received[0]);
    }

    [Fact]
    public void Synchronous_delivery_between_two_endpoints_works()
    {
        using var server = new DtlsPeer(contexts.Server, DtlsRole.Server);
        using var client = new DtlsPeer(contexts.Client, DtlsRole.Client);
        server.OnSend = datagram => client.Endpoint.OnDatagram(datagram, MonotonicTime.Zero);
        client.OnSend = datagram => server.Endpoint.OnDatagram(datagram, MonotonicTime.Zero);
        client.Endpoint.Start(MonotonicTime.Zero);

        Assert.Equal(server.Result!.LocalKey, client.Result!.RemoteKey);
        Assert.True(client.Endpoint.TrySend("data"u8, MonotonicTime.Zero));
        Assert.Single(server.Received);
    }

    [Fact]
    public void Unusable_options_are_refused()
    {
        using var peer = new DtlsPeer(contexts.Server, DtlsRole.Server);
        Assert.Throws<ArgumentException>(() => Create(new DtlsOptions { Profiles = [] }));
        Assert.Throws<ArgumentException>(() => Create(new DtlsOptions { Profiles = [(SrtpProfile)2] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new DtlsOptions { Mtu = 227 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new DtlsOptions { Mtu = 4001 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new DtlsOptions { FirstRetransmission = TimeSpan.Zero }));

        void Create(DtlsOptions options) => contexts.Server.CreateEndpoint(DtlsRole.Server, peer, options).Dispose();
    }
}
