using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>
/// What a viewer's join allocates, step by step, from the text of its offer (sound, and video in four codecs) to its keys. When
/// hundreds join in a moment, these bytes are what brings the collector. OpenSSL's share of a handshake is none of it.
/// </summary>
[Collection(AllocationCollection.Name)]
public sealed class JoinAllocationTests
{
    private const int Joins = 200;

    private static readonly string[] Steps = ["read the offer", "answer it", "write the answer", "make the transport", "take the viewer in", "derive its keys"];

    [Fact]
    public void Join_allocates_no_more_than_its_budget()
    {
        using var call = new SimulatedCall();
        (_, RemotePeer publisher) = call.OpenPublisher(SimulatedCall.PathOf(1));
        call.Connect(publisher);
        call.Sent.Keeps = false;
        var entropy = new SeededEntropy(1);
        byte[] certificate = [.. Enumerable.Range(0, 300).Select(value => (byte)value)];
        string offer = RemoteOffer.Create(MediaDirection.Receive, IceCredentials.Create(entropy), CertificateFingerprint.Of(certificate)).ToString();
        var transports = new TransportFactory(
            new RecordedDtlsContext(), entropy, new NtpClock(new NtpTime(0xE000_0000_0000_0000)), IceOptions.Default, new DtlsOptions());
        var result = new DtlsHandshakeResult(SrtpProfile.AeadAes128Gcm, new byte[16], new byte[12], new byte[16], new byte[12], certificate, "");
        ImmutableArray<RtpCodec> codecs = call.Worker.FindStream(SimulatedCall.StreamName)!.Snapshot().Codecs;
        long[] bytes = new long[Steps.Length];
        Join(call, transports, offer, codecs, result, 1, bytes);
        Array.Clear(bytes);
        for (int i = 0; i < Joins; i++)
            Join(call, transports, offer, codecs, result, i + 2, bytes);

        Assert.Fail(string.Join("\n", Steps.Select((s, i) => $"{s}: {bytes[i] / Joins}")) + $"\nsum: {bytes.Sum() / Joins} offer {offer.Length}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Join(SimulatedCall call, TransportFactory transports, string text, ImmutableArray<RtpCodec> codecs, DtlsHandshakeResult keys, int id, long[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        int step = 0;
        Assert.True(SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? offer, out _));
        Count();
        IceCredentials credentials = transports.CreateCredentials();
        var policy = new AnswerPolicy
        {
            Transport = transports.Describe(credentials, ["1 1 udp 2122260223 192.0.2.1 61764 typ host"]),
            SessionId = 1,
            Direction = MediaDirection.Send,
            PreferredCodecs = codecs,
            RequiredKinds = [MediaKind.Audio, MediaKind.Video],
            CreateLocalSource = (_, kind) => transports.CreateSource(kind, "stream", "track"),
        };
        Assert.True(SessionNegotiator.TryAnswer(offer!, policy, out NegotiatedSession? session, out _));
        Count();
        Assert.NotEmpty(session.LocalDescription.ToString());
        Count();
        PeerTransport transport = transports.Create(credentials, offer!, session);
        var viewer = new Viewer(new PeerId(1_000 + id), transport);
        Count();
        call.Worker.OpenViewer(SimulatedCall.StreamName, ViewTarget.Program, viewer, call.Now);
        Count();
        ((IDtlsSink)transport).OnDtlsConnected(keys);
        Count();

        void Count()
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            bytes[step++] += now - before;
            before = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
