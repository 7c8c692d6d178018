using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>
/// Tests of what a viewer's join allocates, step by step, from the text of its offer (sound, and video in four codecs) to its keys. When
/// hundreds join in a moment, it is these bytes that bring the collector.
/// </summary>
[Collection(AllocationCollection.Name)]
public sealed class JoinAllocationTests : IDisposable
{
    private const int JoinsPerRound = 20;

    /// <summary>
    /// Greatest number of rounds: until the compiler has reached its last tier, which allocates least, rounds exceed their budget.
    /// </summary>
    private const int MaxRounds = 2_000;

    private static readonly (string Name, int Budget)[] Steps =
    [
        ("read the offer", 1_600),
        ("answer it", 17_500),
        ("write the answer", 100),
        ("make the transport", 4_000),
        ("take the viewer in", 4_000),
        ("derive its keys", 3_400),
    ];

    private readonly SimulatedCall _call = new();
    private readonly TransportFactory _transports = new(
        new RecordedDtlsContext(), new SeededEntropy(1), new NtpClock(new NtpTime(0xE000_0000_0000_0000)), IceOptions.Default,
            new DtlsOptions());
    private readonly string _offer;
    private readonly ImmutableArray<string> _candidates = ["1 1 udp 2122260223 192.0.2.1 61764 typ host"];
    private readonly ImmutableArray<RtpCodec> _codecs;
    private readonly DtlsHandshakeResult _keys;
    private readonly long[] _bytes = new long[Steps.Length];
    private int _joined;

    public JoinAllocationTests()
    {
        (_, RemotePeer publisher) = _call.OpenPublisher(SimulatedCall.PathOf(1));
        _call.Connect(publisher);
        _call.Sent.Keeps = false;
        _codecs = _call.Worker.LiveStreams.Find(SimulatedCall.StreamName)!.Codecs;
        byte[] certificate = new byte[300];
        _offer = RemoteOffer.Create(MediaDirection.Receive, _transports.CreateCredentials(), CertificateFingerprint.Of(certificate))
            .ToString();
        _keys = new DtlsHandshakeResult(SrtpProfile.AeadAes128Gcm, new byte[16], new byte[12], new byte[16], new byte[12], certificate, "");
    }

    [Fact]
    public void Join_allocates_no_more_than_its_budget()
    {
        long[] least = [.. Steps.Select(_ => long.MaxValue)];
        for (int round = 0; round < MaxRounds && IsOver(least); round++)
        {
            Array.Clear(_bytes);
            for (int i = 0; i < JoinsPerRound; i++)
                Join();
            for (int step = 0; step < Steps.Length; step++)
                least[step] = Math.Min(least[step], _bytes[step] / JoinsPerRound);
        }

        Assert.All(Steps.Zip(least), step =>
            Assert.True(step.Second <= step.First.Budget, $"To {step.First.Name} takes {step.Second} bytes."));
    }

    public void Dispose() => _call.Dispose();

    private static bool IsOver(long[] bytes) => Steps.Where((step, i) => bytes[i] > step.Budget).Any();

    private void Join()
    {
        var id = new PeerId(1_000 + _joined++);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int step = 0;
        SessionDescription.TryParse(_offer, SdpLimits.Default, out SessionDescription? offer, out _);
        Count();
        IceCredentials credentials = _transports.CreateCredentials();
        SessionNegotiator.TryAnswer(offer!, PolicyFor(credentials), out NegotiatedSession? session, out _);
        Count();
        string answer = session!.LocalDescription.ToString();
        Count();
        PeerTransport transport = _transports.Create(credentials, offer!, session);
        Count();
        OpenResult result =
            _call.Worker.LiveStreams.OpenViewer(SimulatedCall.StreamName, ViewTarget.Program, new Viewer(id, transport), _call.Now);
        Count();
        ((IDtlsSink)transport).OnDtlsConnected(_keys, _call.Now);
        Count();
        Assert.Equal((OpenResult.Opened, PeerTransportState.Connected), (result, transport.State));
        Assert.Contains("a=ssrc-group:FID", answer, StringComparison.Ordinal);
        _call.Worker.Peers.Close(id, PeerCloseReason.ClosedByClient, _call.Now);

        void Count()
        {
            _bytes[step++] += GC.GetAllocatedBytesForCurrentThread() - before;
            before = GC.GetAllocatedBytesForCurrentThread();
        }
    }

    private AnswerPolicy PolicyFor(IceCredentials credentials) => new()
    {
        Transport = _transports.Describe(credentials, _candidates),
        SessionId = 1,
        Direction = MediaDirection.Send,
        PreferredCodecs = _codecs,
        CreateLocalSource = (_, kind) => _transports.CreateSource(kind, "stream", "track"),
    };
}
