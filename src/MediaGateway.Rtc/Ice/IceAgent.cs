using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Ice;

/// <summary>
/// An ICE-lite agent (RFC 8445 section 2.5) for one component, always controlled. It answers authenticated checks, keeps
/// the paths they prove, follows the remote's nomination (<see cref="IceNomination"/>) and watches consent. It never sends
/// first and resolves no names, so it can't be made to probe a network.
/// <para>
/// <b>Nothing changes, and nothing is answered, before MESSAGE-INTEGRITY has been verified with the local password.</b>
/// An answer is never longer than its request, given local fragments as <see cref="IceCredentials.Create"/> makes them.
/// </para>
/// <para>
/// STUN binds no source address into the integrity check, so whoever captures a check may send it again from elsewhere. A
/// transaction id that came by another path lately is dropped, which leaves the attacker who withholds the original. It may
/// get its path selected, but must go on withholding: the remote's own checks take the selection back as soon as the
/// other path has not been nominated for <see cref="IceOptions.NominationTimeout"/>. DTLS and SRTP keep media and keys out
/// of its reach meanwhile. A repeat from the same path is answered (it is a retransmission) but refreshes neither consent
/// nor nomination.
/// </para>
/// <para>Single-threaded. State is polled; after every call that takes a time, drain <see cref="TryTakeRemovedPath"/>.</para>
/// </summary>
public sealed class IceAgent
{
    /// <summary>Bytes that <see cref="OnBindingRequest"/> may write.</summary>
    public const int MaxResponseLength = 96;

    private const int MaxUnknownAttributes = 16;

    private readonly IceOptions _options;
    private readonly IcePathTable _paths;
    private readonly RecentTransactions _recent = new();
    private readonly List<IceCandidate> _remoteCandidates = [];
    private IceGeneration _current;
    private IceGeneration? _previous;
    private MonotonicTime _connectBy = MonotonicTime.Never;
    private MonotonicTime _lastCheck;

    public IceAgent(IceCredentials local, IceOptions options)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _paths = new IcePathTable(options.MaxPaths);
        _current = new IceGeneration(1, local, remote: null);
    }

    public IceState State { get; private set; }

    /// <summary>The newest local credentials: those to signal.</summary>
    public IceCredentials LocalCredentials => _current.Local;

    /// <summary>After a restart, the credentials still accepted until the first check with the new ones; else null.</summary>
    public IceCredentials? PreviousLocalCredentials => _previous?.Local;

    /// <summary>The remote's credentials that go with <see cref="LocalCredentials"/>; null until known.</summary>
    public IceCredentials? RemoteCredentials => _current.Remote;

    /// <summary>For information; a lite agent does not check them.</summary>
    public IReadOnlyList<IceCandidate> RemoteCandidates => _remoteCandidates;

    /// <summary>
    /// Where to send; null before the first valid check and when no path has consent. Provisional until
    /// <see cref="IsNominated"/>.
    /// </summary>
    public NetworkPath? SelectedPath => _paths.Selected?.Path;

    /// <summary>True once the remote has nominated the selected path (since the last restart it took part in).</summary>
    public bool IsNominated => _paths.Selected?.LastNomination is not null;

    /// <summary>When the last authenticated check came that was not a repeat.</summary>
    public MonotonicTime LastCheck => _lastCheck;

    /// <summary>When to call <see cref="OnTimeout"/> at the latest, as of now.</summary>
    public MonotonicTime NextDeadline => State switch
    {
        IceState.Failed => MonotonicTime.Never,
        IceState.New => FailureDeadline,
        IceState.Connected => MonotonicTime.Min(_lastCheck + _options.DisconnectTimeout, ExpiryDeadline),
        _ => ExpiryDeadline,
    };

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    internal void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance == 1)
            prefetcher.Prefetch(_paths, 1);
        else if (distance == 2)
            prefetcher.Prefetch(_paths.Selected, 2);
    }

    private MonotonicTime ExpiryDeadline => MonotonicTime.Min(FailureDeadline, _paths.NextExpiry(_options.ConsentTimeout));

    /// <summary>A restart under way has its own time to connect, even when the old path's consent runs out first.</summary>
    private MonotonicTime FailureDeadline
    {
        get
        {
            if (State == IceState.New)
                return _connectBy;
            MonotonicTime consent = _lastCheck + _options.ConsentTimeout;
            return _previous is not null && _connectBy > consent ? _connectBy : consent;
        }
    }

    /// <summary>
    /// The local fragment that a Binding request is addressed to: what stands before the colon of its USERNAME. Finds
    /// the peer of an unknown path; proves nothing.
    /// </summary>
    public static bool TryGetLocalUsernameFragment(ReadOnlySpan<byte> stunDatagram, out ReadOnlySpan<byte> usernameFragment)
    {
        usernameFragment = default;
        if (!StunMessageView.TryParse(stunDatagram, out StunMessageView message)
            || !message.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username))
        {
            return false;
        }
        int colon = username.IndexOf((byte)':');
        if (colon <= 0)
            return false;
        usernameFragment = username[..colon];
        return true;
    }

    /// <summary>Starts the time that the first check may take. Without it the agent waits for ever.</summary>
    public void Start(MonotonicTime now) => _connectBy = now + _options.ConnectTimeout;

    /// <summary>The remote's credentials, once signaled. From then on USERNAME must name their fragment.</summary>
    public void SetRemote(IceCredentials remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        _current.SetRemote(remote);
    }

    /// <summary>Keeps a signaled candidate for information. False when it is a name, or one too many.</summary>
    public bool AddRemoteCandidate(IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.HostName is not null || _remoteCandidates.Count >= _options.MaxRemoteCandidates)
            return false;
        _remoteCandidates.Add(candidate);
        return true;
    }

    /// <summary>
    /// Begins a restart (RFC 8445 section 9). Media goes on along the selected path, and checks with the old credentials
    /// are accepted, until a check with the new ones arrives. A failed agent is new again, and its old credentials void.
    /// </summary>
    public void Restart(IceCredentials newLocal, IceCredentials? newRemote, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(newLocal);
        // Two restarts in a row: what the remote uses is still the generation before the first.
        _previous = State == IceState.Failed ? null : _previous ?? _current;
        _current = new IceGeneration(_current.Number + 1, newLocal, newRemote);
        _remoteCandidates.Clear();
        _connectBy = now + _options.ConnectTimeout;
        if (State == IceState.Failed)
            State = IceState.New;
    }

    /// <summary>True when an authenticated check has come along this path and its consent still holds.</summary>
    public bool IsValidPath(in NetworkPath path) => _paths.Find(path) is not null;

    /// <summary>
    /// A path that has ceased to be valid, evicted or without consent. One may have become valid again meanwhile, so the
    /// owner asks <see cref="IsValidPath"/> before it forgets the path.
    /// </summary>
    public bool TryTakeRemovedPath(out NetworkPath path) => _paths.TryTakeRemoved(out path);

    /// <summary>A datagram that looks like STUN.</summary>
    /// <param name="datagram">Borrowed for the call.</param>
    /// <param name="path">The path it came by, and along which the answer goes.</param>
    /// <param name="now">When it came.</param>
    /// <param name="response">Takes the answer; at least <see cref="MaxResponseLength"/> bytes.</param>
    public IceCheck OnBindingRequest(ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now, Span<byte> response)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(response.Length, MaxResponseLength);

        // 1. A well-formed Binding request to us, signed with our password; silence otherwise.
        DropReason drop = Authenticate(datagram, out StunMessageView request, out IceGeneration? generation);
        if (generation is null)
            return new IceCheck { Drop = drop };

        // 2. Not one that already came by another path.
        IcePath? known = _paths.Find(path);
        bool isRepeat = _recent.TryGetPath(request.TransactionId, out int serial);
        if (isRepeat && serial != known?.Serial)
            return new IceCheck { Drop = DropReason.Replay };

        // 3. One that we understand, from a controlling agent.
        int length = TryWriteError(request, generation, response);
        if (length > 0)
            return new IceCheck { ResponseLength = length };

        // 4. Answer, and note what it says.
        length = WriteSuccess(request, generation, path, response);
        if (isRepeat)
            return new IceCheck { ResponseLength = length };
        return Accept(request, generation, known, path, now, length);
    }

    /// <summary>Runs what is due at <see cref="NextDeadline"/>: disconnection, expiry of paths, failure.</summary>
    public void OnTimeout(MonotonicTime now)
    {
        if (State == IceState.Failed)
            return;
        if (now >= FailureDeadline)
        {
            State = IceState.Failed;
            _previous = null;
            _paths.Clear();
            return;
        }
        _paths.Expire(_options.ConsentTimeout, now);
        if (State == IceState.Connected && now >= _lastCheck + _options.DisconnectTimeout)
            State = IceState.Disconnected;
    }

    private DropReason Authenticate(ReadOnlySpan<byte> datagram, out StunMessageView request, out IceGeneration? generation)
    {
        generation = null;
        if (!StunMessageView.TryParse(datagram, out request))
            return DropReason.StunMalformed;
        if (request.Class != StunClass.Request || request.Method != StunMethod.Binding)
            return DropReason.StunNotARequest;
        if (request.CheckFingerprint() == FingerprintStatus.Invalid)
            return DropReason.StunBadFingerprint;
        if (State == IceState.Failed)
            return DropReason.NotConnected;
        IceGeneration? addressed = GenerationOf(request);
        if (addressed is null)
            return DropReason.StunUnknownUsername;
        if (!request.VerifyIntegrity(addressed.Key))
            return DropReason.StunBadIntegrity;
        generation = addressed;
        return DropReason.None;
    }

    private IceGeneration? GenerationOf(in StunMessageView request)
    {
        if (!request.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username))
            return null;
        return _current.IsAddressedBy(username) ? _current
            : _previous is not null && _previous.IsAddressedBy(username) ? _previous
            : null;
    }

    private IceCheck Accept(in StunMessageView request, IceGeneration generation, IcePath? known, in NetworkPath path,
        MonotonicTime now, int responseLength)
    {
        bool restartCompleted = generation == _current && _previous is not null;
        if (restartCompleted)
            _previous = null;
        bool useCandidate = request.Has(StunAttributeType.UseCandidate);
        IcePath? selected = _paths.Selected;
        IcePath checkedPath = known ?? _paths.Add(path, now);
        bool isFirstNomination = useCandidate && checkedPath.LastNomination is null;
        checkedPath.OnCheck(generation.Number, request.TryGetPriority(out uint priority) ? priority : null, useCandidate, now);
        _recent.Add(request.TransactionId, checkedPath.Serial);
        if (selected is null
            || (checkedPath == selected && isFirstNomination)
            || (checkedPath != selected && useCandidate && IceNomination.Replaces(checkedPath, selected, _paths.SelectedAt, now, _options)))
        {
            _paths.Select(checkedPath, now);
        }
        _lastCheck = now;
        State = IceState.Connected;
        return new IceCheck
        {
            ResponseLength = responseLength,
            PathAdded = known is null,
            SelectedPathChanged = _paths.Selected != selected,
            RestartCompleted = restartCompleted,
        };
    }

    /// <summary>Writes the error answer that an authenticated request has earned, if any; 0 when there is none to write.</summary>
    private static int TryWriteError(in StunMessageView request, IceGeneration generation, Span<byte> response)
    {
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[MaxUnknownAttributes];
        unknown = unknown[..request.CopyUnknownRequired(unknown)];
        // RFC 8445 section 7.3.1.1: a lite agent is controlled and can't switch, so a controlled remote is in the wrong.
        bool isRoleConflict = request.Has(StunAttributeType.IceControlled);
        if (unknown.IsEmpty && !isRoleConflict)
            return 0;
        var writer = new StunWriter(response, StunClass.ErrorResponse, StunMethod.Binding, request.TransactionId);
        if (unknown.IsEmpty)
        {
            writer.AddErrorCode(StunErrorCode.RoleConflict);
        }
        else
        {
            writer.AddErrorCode(StunErrorCode.UnknownAttribute);
            writer.AddUnknownAttributes(unknown);
        }
        return Sign(ref writer, request, generation);
    }

    private static int WriteSuccess(in StunMessageView request, IceGeneration generation, in NetworkPath path, Span<byte> response)
    {
        var writer = new StunWriter(response, StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
        writer.AddXorMappedAddress(path.Remote);
        return Sign(ref writer, request, generation);
    }

    /// <summary>FINGERPRINT answers FINGERPRINT: every agent has to send it, and without one the answer stays short.</summary>
    private static int Sign(ref StunWriter writer, in StunMessageView request, IceGeneration generation)
    {
        writer.AddMessageIntegrity(generation.Key);
        if (request.HasFingerprint)
            writer.AddFingerprint();
        return writer.Length;
    }
}
