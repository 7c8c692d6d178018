using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.TestClient;

/// <summary>
/// The client's half of a peer connection, made once for tests and load tests: it offers or answers, again and again over one
/// transport; checks the gateway's candidates as the controlling ICE agent; and does DTLS, SRTP, RTCP and SCTP by the gateway's own
/// transport. Pure: who holds it brings the datagrams, the time and the media.
/// <para>Negotiated on any thread; from <see cref="Attach"/> on a single one calls it. Ownership: owns its transport.</para>
/// </summary>
public sealed class ClientPeer : IDisposable
{
    private readonly ClientPeerOptions _options;
    private readonly IDtlsContext _dtls;
    private readonly IEntropy _entropy;
    private readonly OfferNumbers _numbers = new();
    private IceCredentials? _remote;
    private PeerTransport? _transport;
    private ulong _version;
    private bool _hasOffered;

    public ClientPeer(ClientPeerOptions options, IDtlsContext dtls, IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dtls);
        ArgumentNullException.ThrowIfNull(entropy);
        _options = options;
        _dtls = dtls;
        _entropy = entropy;
        Credentials = IceCredentials.Create(entropy);
    }

    /// <summary>The client's ICE credentials; <see cref="RestartIce"/> draws others.</summary>
    public IceCredentials Credentials { get; private set; }

    /// <summary>The gateway's ICE credentials; null before the first agreement.</summary>
    public IceCredentials? RemoteCredentials => _remote;

    /// <summary>The transport as the client's descriptions state it.</summary>
    public LocalTransport Local => new(
        Credentials.UsernameFragment, Credentials.Password, _dtls.Fingerprint,
        [.. _options.Candidates.Select(candidate => candidate.ToString())])
    {
        IsIceLite = _options.IsLite,
    };

    /// <summary>The session that was agreed on last; null before the first agreement.</summary>
    public NegotiatedSession? Session { get; private set; }

    /// <exception cref="InvalidOperationException">Nothing has been agreed on yet.</exception>
    public PeerTransport Transport => _transport ?? throw new InvalidOperationException("Nothing has been negotiated yet.");

    public PeerTransportState State => _transport?.State ?? PeerTransportState.New;

    public bool IsConnected => State == PeerTransportState.Connected;

    public bool IsClosed => State == PeerTransportState.Closed;

    /// <summary>Time at which to call <see cref="OnTimeout"/>; never before the first agreement.</summary>
    public MonotonicTime NextDeadline => _transport?.NextDeadline ?? MonotonicTime.Never;

    /// <exception cref="InvalidOperationException">It is no session description.</exception>
    public static SessionDescription Parse(string text) =>
        SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? description, out SdpError? error)
            ? description!
            : throw new InvalidOperationException($"The description cannot be read: {error}\n{text}");

    /// <summary>Writes an offer, the first or a later one; numbers that an earlier offer gave stay as they are.</summary>
    public SessionDescription CreateOffer(ImmutableArray<OfferedMedia> media)
    {
        _hasOffered |= Session is null;
        return SessionNegotiator.CreateOffer(new OfferPolicy
        {
            Transport = Local,
            SessionId = 1,
            SessionVersion = ++_version,
            Numbers = _numbers,
            Data = _options.Data,
            Media = media,
        });
    }

    /// <summary>Reads the answer to an offer of its own; <see cref="Apply"/> makes it effective.</summary>
    /// <exception cref="InvalidOperationException">The answer is none to this offer.</exception>
    public NegotiatedSession AcceptAnswer(SessionDescription offer, SessionDescription answer) =>
        SessionNegotiator.TryAcceptAnswer(offer, answer, Session, out NegotiatedSession? session, out NegotiationError? error)
            ? session
            : throw new InvalidOperationException($"The answer cannot be used: {error}\n{answer}");

    /// <summary>
    /// Answers an offer, the first or a later one, in the session's local description; <see cref="Apply"/> makes it effective.
    /// </summary>
    /// <exception cref="InvalidOperationException">The offer cannot be answered.</exception>
    public NegotiatedSession CreateAnswer(SessionDescription offer, AnswerPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        AnswerPolicy own = policy with
        {
            Transport = Local,
            SessionVersion = ++_version,
            EstablishedRole = Session?.LocalDtlsRole ?? policy.EstablishedRole,
            EstablishedFingerprints = Session?.RemoteFingerprints ?? [],
        };
        return SessionNegotiator.TryAnswer(offer, own, out NegotiatedSession? session, out NegotiationError? error)
            ? session
            : throw new InvalidOperationException($"The offer cannot be answered: {error}\n{offer}");
    }

    /// <summary>Draws other ICE credentials: the next agreement restarts ICE (RFC 8445 section 9).</summary>
    public void RestartIce() => Credentials = IceCredentials.Create(_entropy);

    /// <summary>Makes an agreement effective: the first one makes the transport, a later one changes it.</summary>
    public void Apply(NegotiatedSession session, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(session);
        Session = session;
        var remote = new IceCredentials(session.Ice.UsernameFragment, session.Ice.Password);
        if (_transport is null)
        {
            _transport = CreateTransport(session);
            AddCandidates(session.Ice);
        }
        else
        {
            if (_transport.Ice.LocalCredentials != Credentials)
                _transport.Ice.Restart(Credentials, remote, now);
            else if (remote != _remote)
                _transport.Ice.SetRemote(remote);
            AddCandidates(session.Ice);
            _transport.Update(session, now);
        }
        _remote = remote;
    }

    /// <summary>
    /// Begins: from now on checks are due, and what comes of the connection goes to the handlers; no data channels are taken without one.
    /// </summary>
    public void Attach(IDatagramSender datagrams, IMediaHandler media, IDataHandler? data, DropCounters drops, MonotonicTime now) =>
        Transport.Attach(datagrams, media, data, drops, now);

    /// <summary>Adds a candidate of the gateway's that its description does not name.</summary>
    public void AddRemoteCandidate(TransportAddress address) => Transport.Ice.AddRemoteCandidate(IceCandidate.Host(address));

    /// <summary>Takes a datagram; RTP and RTCP are decrypted in place.</summary>
    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now) =>
        OnDatagram(datagram, DatagramClassifier.Classify(datagram), path, now);

    /// <summary>Takes a datagram whose kind is known.</summary>
    public void OnDatagram(Span<byte> datagram, DatagramKind kind, in NetworkPath path, MonotonicTime now)
    {
        if (_transport is null)
            return;
        if (kind == DatagramKind.Stun)
            _transport.OnStun(datagram, path, now);
        else
            _transport.OnDatagram(datagram, kind, path, now);
    }

    /// <summary>Does what is due.</summary>
    public void OnTimeout(MonotonicTime now)
    {
        if (NextDeadline <= now)
            Transport.OnTimeout(now);
    }

    /// <summary>Says goodbye, and ends.</summary>
    public void Close(MonotonicTime now) => _transport?.Close(PeerCloseReason.ClosedByPeer, now);

    public void Dispose() => _transport?.Dispose();

    private PeerTransport CreateTransport(NegotiatedSession session)
    {
        var options = new PeerTransportOptions
        {
            LocalIce = Credentials,
            Ice = _options.Ice,
            IceRole = RoleIn(session.Ice),
            Dtls = _options.Dtls,
            Rtp = new RtpSessionOptions
            {
                Clock = _options.Clock,
                CanonicalName = _options.CanonicalName,
                EstimatesBandwidth = _options.EstimatesBandwidth,
                FeedbackInterval = _options.FeedbackInterval,
            },
        };
        var transport = new PeerTransport(options, session, _dtls, _entropy);
        for (int i = 0; i < _options.Candidates.Length; i++)
            transport.Ice.AddLocalCandidate(new EndpointId(i), _options.Candidates[i]);
        return transport;
    }

    /// <summary>RFC 8445 section 6.1.1: towards a lite agent the full one controls, else the one that offered first.</summary>
    private IceRole RoleIn(RemoteIce remote)
    {
        if (_options.IsLite)
            return IceRole.ControlledLite;
        return remote.IsLite || _hasOffered ? IceRole.Controlling : IceRole.Controlled;
    }

    private void AddCandidates(RemoteIce remote)
    {
        foreach (string text in remote.Candidates)
        {
            if (IceCandidate.TryParse(text, out IceCandidate? candidate) && !Transport.Ice.RemoteCandidates.Contains(candidate))
                Transport.Ice.AddRemoteCandidate(candidate);
        }
    }
}
