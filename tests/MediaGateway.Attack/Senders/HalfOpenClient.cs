using MediaGateway.Attack.Running;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using MediaGateway.Attack.Calls;
using MediaGateway.LoadTester.Clients;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Stun;
using MediaGateway.TestClient;

namespace MediaGateway.Attack.Senders;

/// <summary>A client that opens a session, proves its path at most, and does nothing more.</summary>
internal sealed class HalfOpenClient(Site site) : IDisposable
{
    private readonly ClientPeer _peer = new(
        new ClientPeerOptions { Clock = site.Setup.Clock.NtpClock }, site.Setup.Dtls, site.Setup.Entropy);

    private IceCredentials? _remote;
    private Socket? _socket;

    /// <summary>Asks to watch the call's stream; false when the gateway refuses as it should.</summary>
    public async Task<bool> TryOpenAsync(HttpClient client)
    {
        SessionDescription offer = _peer.CreateOffer([OfferedTracks.ToReceive(CodecKind.Vp8, 0)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/whep/" + Call.Stream)
        { Content = new StringContent(offer.ToString(), MediaTypeHeaderValue.Parse("application/sdp")) };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", site.Server.SignToken(Call.Stream, "half-open", "canSubscribe"));
        using HttpResponseMessage response = await client.SendAsync(request);
        if (response.StatusCode != HttpStatusCode.Created)
            return false;
        SessionDescription answer = ClientPeer.Parse(await response.Content.ReadAsStringAsync());
        RemoteOf(answer);
        return true;

        void RemoteOf(SessionDescription description)
        {
            var session = _peer.AcceptAnswer(offer, description);
            _remote = new IceCredentials(session.Ice.UsernameFragment, session.Ice.Password);
        }
    }

    /// <summary>Sends the one check that proves its path.</summary>
    public async Task CheckAsync()
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(OngoingAttack.NextAddress(), 0));
        await _socket.SendToAsync(Check(), site.Call.Victim.Gateway);
    }

    public void Dispose()
    {
        _peer.Dispose();
        _socket?.Dispose();
    }

    private byte[] Check()
    {
        byte[] buffer = new byte[256];
        byte[] transaction = new byte[12];
        site.Setup.Entropy.Fill(transaction);
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, StunTransactionId.Read(transaction));
        writer.AddUsername(Encoding.ASCII.GetBytes(_remote!.UsernameFragment), Encoding.ASCII.GetBytes(_peer.Credentials.UsernameFragment));
        writer.AddPriority(1);
        writer.AddTieBreaker(StunAttributeType.IceControlling, 1);
        writer.AddUseCandidate();
        writer.AddMessageIntegrity(Encoding.ASCII.GetBytes(_remote.Password));
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }
}
