using System.Globalization;
using BenchmarkDotNet.Attributes;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Peers;
using MediaGateway.Testing.Workers;

namespace MediaGateway.MicroBench;

/// <summary>
/// Benchmarks of what a join costs besides its handshake, with the real OpenSSL: reading an offer, answering it and making the transport.
/// They show whether the thread that carries everybody's media may do it.
/// </summary>
public class JoinBenchmarks : IDisposable
{
    /// <summary>Sections of a participant's only connection in a meeting of twenty: audio and video of each.</summary>
    private const int MeetingSections = 40;

    private readonly DtlsCertificate _certificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
    private readonly OpenSslDtlsContext _dtls;
    private readonly TransportFactory _transports;
    private readonly IceCredentials _credentials;
    private readonly SessionDescription _viewerOffer;
    private readonly SessionDescription _meetingOffer;
    private readonly string _viewerText;
    private readonly AnswerPolicy _viewerPolicy;
    private readonly AnswerPolicy _meetingPolicy;
    private readonly NegotiatedSession _viewerSession;

    public JoinBenchmarks()
    {
        _dtls = new OpenSslDtlsContext(_certificate);
        var entropy = new SystemEntropy();
        var clock = new NtpClock(new NtpTime(0xE000_0000_0000_0000));
        _transports = new TransportFactory(_dtls, entropy, clock, IceOptions.Default, new DtlsOptions());
        _credentials = _transports.CreateCredentials();
        _viewerOffer = RemoteOffer.Create(MediaDirection.Receive, IceCredentials.Create(entropy), _dtls.Fingerprint);
        _viewerText = _viewerOffer.ToString();
        _meetingOffer = Parse(Repeat(_viewerText, MeetingSections));
        _viewerPolicy = new AnswerPolicy
        {
            Transport = _transports.Describe(_credentials, []),
            SessionId = _transports.DrawSessionId(),
            Direction = MediaDirection.Send,
            CreateLocalSource = (_, kind) => _transports.CreateSource(kind, "stream", "track"),
        };
        _meetingPolicy = _viewerPolicy with
        {
            DecideSection = section => new SectionDecision(false, _transports.CreateSource(section.Kind, "stream", "track")),
        };
        _viewerSession = Answer(_viewerOffer, _viewerPolicy);
    }

    [Benchmark]
    public int ParseViewerOffer() => Parse(_viewerText).Media.Length == 2 ? 1 : 0;

    [Benchmark]
    public int AnswerViewer() => Answer(_viewerOffer, _viewerPolicy).Media.Length == 2 ? 1 : 0;

    [Benchmark]
    public int AnswerMeetingOfTwenty() => Answer(_meetingOffer, _meetingPolicy).Media.Length == MeetingSections ? 1 : 0;

    [Benchmark]
    public int CreateTransport()
    {
        using PeerTransport transport = _transports.Create(_credentials, _viewerOffer, _viewerSession);
        return transport.State == PeerTransportState.New ? 1 : 0;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _dtls.Dispose();
        _certificate.Dispose();
        GC.SuppressFinalize(this);
    }

    private static NegotiatedSession Answer(SessionDescription offer, AnswerPolicy policy) =>
        SessionNegotiator.TryAnswer(offer, policy, out NegotiatedSession? session, out NegotiationError? error)
            ? session
            : throw new InvalidOperationException(error.ToString());

    private static SessionDescription Parse(string text) =>
        SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? offer, out SdpError? error)
            ? offer!
            : throw new InvalidOperationException(error!.ToString());

    /// <summary>The offer with its sections repeated, each under a mid of its own.</summary>
    private static string Repeat(string offer, int count)
    {
        string[] parts = offer.Split("\r\nm=");
        IEnumerable<string> sections = Enumerable.Range(0, count).Select(index => string.Create(
            CultureInfo.InvariantCulture,
            $"\r\nm={parts[1 + (index % 2)].TrimEnd().Replace($"a=mid:{index % 2}", $"a=mid:{index}", StringComparison.Ordinal)}"));
        string group = string.Join(' ', Enumerable.Range(0, count));
        return parts[0].Replace("BUNDLE 0 1", $"BUNDLE {group}", StringComparison.Ordinal) + string.Concat(sections) + "\r\n";
    }
}
