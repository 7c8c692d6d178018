using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Ice;

/// <summary>
/// An ICE agent (RFC 8445) for one component. In its lite role, which is the gateway's, it is controlled: it answers
/// authenticated checks, keeps the paths they prove, follows the remote's nomination (<see cref="IceNomination"/>) and watches
/// consent. It never sends first and resolves no names, so it can't be made to probe a network.
/// <para>
/// In a full role, which is a client's, it sends checks too (<see cref="IceChecker"/>): a path is then proven by the answer to
/// a check of ours instead of by a check of the remote's. After every call, <see cref="NextDeadline"/> says when to call
/// <see cref="OnTimeout"/>, and then <see cref="TryWriteCheck"/> until it has nothing more.
/// </para>
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
    /// <summary>Most bytes of an answer that <see cref="OnStun"/> writes.</summary>
    public const int MaxResponseLength = 96;

    /// <summary>Most bytes of a check that <see cref="TryWriteCheck"/> writes.</summary>
    public const int MaxCheckLength = 640;

    private readonly IceOptions _options;
    private readonly IcePathTable _paths;
    private readonly RecentTransactions _recent = new();
    private readonly List<IceCandidate> _remoteCandidates = [];
    private readonly IceChecker? _checker;
    private IceGeneration _current;
    private IceGeneration? _previous;
    private MonotonicTime _connectBy = MonotonicTime.Never;
    private MonotonicTime _lastCheck;

    /// <summary>Makes a lite agent.</summary>
    public IceAgent(IceCredentials local, IceOptions options)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _paths = new IcePathTable(options.MaxPaths);
        _current = new IceGeneration(1, local, remote: null);
    }

    /// <summary>Makes an agent of any role; the entropy serves a full one for its tie-breaker and transaction ids.</summary>
    public IceAgent(IceCredentials local, IceOptions options, IceRole role, IEntropy entropy)
        : this(local, options)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        if (role == IceRole.ControlledLite)
            return;
        _checker = new IceChecker(options, role, entropy);
        _checker.Begin(_current);
    }

    /// <summary>The role now. Of a full agent, a conflict with the remote's may change it (RFC 8445 section 7.3.1.1).</summary>
    public IceRole Role => _checker?.Role ?? IceRole.ControlledLite;

    public IceState State { get; private set; }

    /// <summary>The newest local credentials: those to signal.</summary>
    public IceCredentials LocalCredentials => _current.Local;

    /// <summary>The credentials of before a restart, accepted until the first check with the new ones; null at other times.</summary>
    public IceCredentials? PreviousLocalCredentials => _previous?.Local;

    /// <summary>The remote's credentials that go with <see cref="LocalCredentials"/>; null until known.</summary>
    public IceCredentials? RemoteCredentials => _current.Remote;

    /// <summary>The remote's candidates; a lite agent only keeps them for information.</summary>
    public IReadOnlyList<IceCandidate> RemoteCandidates => _remoteCandidates;

    /// <summary>
    /// Path to send on; null before the first valid check and when no path has consent. It is provisional until
    /// <see cref="IsNominated"/>.
    /// </summary>
    public NetworkPath? SelectedPath => _paths.Selected?.Path;

    /// <summary>True once the controlling side has nominated the selected path (since the last restart it took part in).</summary>
    public bool IsNominated => _paths.Selected?.LastNomination is not null;

    /// <summary>Our own address as the remote saw it last; none for a lite agent and before a check was answered.</summary>
    public TransportAddress MappedAddress => _checker?.MappedAddress ?? default;

    /// <summary>
    /// Time at which a path was last proven: by an authenticated check that was not a repeat or, for a full agent, by an answer.
    /// </summary>
    public MonotonicTime LastCheck => _lastCheck;

    /// <summary>Time at which to call <see cref="OnTimeout"/> at the latest, as of now.</summary>
    public MonotonicTime NextDeadline
    {
        get
        {
            MonotonicTime next = State switch
            {
                IceState.Failed => MonotonicTime.Never,
                IceState.New => FailureDeadline,
                IceState.Connected => MonotonicTime.Min(_lastCheck + _options.DisconnectTimeout, ExpiryDeadline),
                _ => ExpiryDeadline,
            };
            return _checker is null || State == IceState.Failed ? next : MonotonicTime.Min(next, _checker.NextDeadline);
        }
    }

    private MonotonicTime ExpiryDeadline => MonotonicTime.Min(FailureDeadline, _paths.NextExpiry(_options.ConsentTimeout));

    /// <summary>A restart under way has its own time to connect, even when the old path's consent runs out first.</summary>
    private MonotonicTime FailureDeadline => State == IceState.New ? _connectBy
        : _previous is null ? _lastCheck + _options.ConsentTimeout
        : MonotonicTime.Max(_connectBy, _lastCheck + _options.ConsentTimeout);

    /// <summary>Starts the time that the first check may take. Without it the agent waits for ever.</summary>
    public void Start(MonotonicTime now) => _connectBy = now + _options.ConnectTimeout;

    /// <summary>The remote's credentials, once signaled. From then on USERNAME must name their fragment.</summary>
    public void SetRemote(IceCredentials remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        _current.SetRemote(remote);
        _checker?.SetRemote(remote);
    }

    /// <summary>
    /// Names a local endpoint of a full agent, with its host candidate: pairs are made with remote candidates of the
    /// same address family. Without any, everything leaves by endpoint 0. Call it before <see cref="AddRemoteCandidate"/>.
    /// </summary>
    public void AddLocalCandidate(EndpointId local, IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        _checker?.List.AddBase(local, candidate);
    }

    /// <summary>
    /// Takes a signaled candidate: a full agent checks it, a lite one keeps it for information. False when it is a name, or one too many.
    /// </summary>
    public bool AddRemoteCandidate(IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.HostName is not null || _remoteCandidates.Count >= _options.MaxRemoteCandidates)
            return false;
        _remoteCandidates.Add(candidate);
        _checker?.List.AddRemote(candidate, _checker.Role);
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
        _checker?.Begin(_current);
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
    public IceCheck OnStun(ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now, Span<byte> response)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(response.Length, MaxResponseLength);

        // 1. A well-formed Binding request to us, signed with our password; silence otherwise.
        IceGeneration? current = State == IceState.Failed ? null : _current;
        DropReason drop =
            IceAuthentication.Authenticate(datagram, current, _previous, out StunMessageView request, out IceGeneration? generation);
        if (drop == DropReason.StunNotARequest && _checker is not null && current is not null)
            return OnResponse(_checker, request, path, now);
        if (generation is null)
            return new IceCheck { Drop = drop };

        // 2. Not one that already came by another path.
        IcePath? known = _paths.Find(path);
        bool isRepeat = _recent.TryGetPath(request.TransactionId, out int serial);
        if (isRepeat && serial != known?.Serial)
            return new IceCheck { Drop = DropReason.Replay };

        // 3. One that we understand, from a controlling agent.
        int length = IceResponses.TryWriteError(request, generation, IsRoleConflict(request), response);
        if (length > 0)
            return new IceCheck { ResponseLength = length };

        // 4. Answer, and note what it says.
        length = IceResponses.WriteSuccess(request, generation, path, response);
        if (isRepeat)
            return new IceCheck { ResponseLength = length };
        return _checker is null
            ? Accept(request, generation, known, path, now, length)
            : OnRequest(_checker, request, generation, path, now, length);
    }

    /// <summary>Writes the check that is due, one a call; false when none is, and always for a lite agent.</summary>
    /// <param name="buffer">Takes the check; at least <see cref="MaxCheckLength"/> bytes.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">The length of the check in bytes.</param>
    /// <param name="path">Where to send it.</param>
    public bool TryWriteCheck(Span<byte> buffer, MonotonicTime now, out int length, out NetworkPath path)
    {
        path = default;
        length = _checker is null || State == IceState.Failed ? 0 : _checker.TryWrite(buffer, now, out path);
        return length > 0;
    }

    /// <summary>
    /// A path has closed, as a connection does, and is no longer valid. Consent decides about the agent as before: without another path it
    /// waits for the next check.
    /// </summary>
    public void OnPathClosed(in NetworkPath path, MonotonicTime now) => _paths.Close(path, now);

    /// <summary>The process stood still for a time in which it heard nothing: that time counts for no deadline of the remote's.</summary>
    public void OnStandstill(TimeSpan time, MonotonicTime now)
    {
        _lastCheck = MonotonicTime.Min(_lastCheck + time, now);
        _connectBy = _connectBy.IsNever ? _connectBy : _connectBy + time;
        _paths.OnStandstill(time, now);
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
        _checker?.Select(SelectedPath, now);
        if (State == IceState.Connected && now >= _lastCheck + _options.DisconnectTimeout)
            State = IceState.Disconnected;
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

    // RFC 8445 section 7.3.1.1: a lite agent is controlled and can't switch, so a controlled remote is in the wrong.
    private bool IsRoleConflict(in StunMessageView request) =>
        _checker?.IsRoleConflict(request) ?? request.Has(StunAttributeType.IceControlled);

    /// <summary>
    /// A full agent's part in a request: it proves nothing yet, but has its path checked, and may nominate it. A check that
    /// comes again from elsewhere does no more, so repeats need not be known here.
    /// </summary>
    private IceCheck OnRequest(
        IceChecker checker, in StunMessageView request, IceGeneration generation, in NetworkPath path, MonotonicTime now,
        int responseLength)
    {
        var answered = new IceCheck { ResponseLength = responseLength };
        if (generation != _current)
            return answered;
        request.TryGetPriority(out uint priority);
        IcePair? nominated = checker.OnRequest(path, priority, request.Has(StunAttributeType.UseCandidate));
        if (nominated is null || _paths.Find(path) is not { } known)
            return answered;
        checker.Conclude(nominated);
        known.OnCheck(generation.Number, nominated.LesserPriority, useCandidate: true, known.LastCheck);
        return Select(checker, known, now) with { ResponseLength = responseLength };
    }

    private IceCheck OnResponse(IceChecker checker, in StunMessageView response, in NetworkPath path, MonotonicTime now)
    {
        DropReason drop = checker.OnResponse(response, path, now, out IcePair? pair, out bool isNominated);
        if (pair is null)
            return new IceCheck { Drop = drop };
        bool restartCompleted = _previous is not null;
        _previous = null;
        IcePath? known = _paths.Find(path);
        IcePath proven = known ?? _paths.Add(path, now);
        proven.OnCheck(_current.Number, pair.LesserPriority, isNominated, now);
        _lastCheck = now;
        State = IceState.Connected;
        return Select(checker, proven, now) with { PathAdded = known is null, RestartCompleted = restartCompleted };
    }

    /// <summary>
    /// Selects a path that was just proven or nominated, when it is better, and follows the selection with checks of consent.
    /// </summary>
    private IceCheck Select(IceChecker checker, IcePath path, MonotonicTime now)
    {
        IcePath? selected = _paths.Selected;
        if (IceNomination.Improves(path, selected))
            _paths.Select(path, now);
        checker.Select(SelectedPath, now);
        return new IceCheck { SelectedPathChanged = _paths.Selected != selected };
    }
}
