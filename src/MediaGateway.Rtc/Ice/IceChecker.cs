using System.Buffers.Binary;
using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Ice;

/// <summary>
/// The half of a full agent that sends: connectivity checks at their pace (RFC 8445 sections 6.1.4, 7.2 and 14), regular
/// nomination (section 8.1.1), role conflicts (sections 7.2.5.1 and 7.3.1.1) and consent (RFC 7675). A lite agent has none,
/// so it can't send first.
/// <para><b>A response counts only when it answers a check of ours, is signed with the remote's password and comes from where
/// the check was sent to.</b></para>
/// </summary>
internal sealed class IceChecker
{
    private const uint PeerReflexivePreference = 110;

    private readonly IceOptions _options;
    private readonly IEntropy _entropy;
    private readonly IceCheckList _list;
    private readonly ulong _tieBreaker;
    private IceCredentials? _local;
    private byte[]? _receiver;
    private byte[] _sender = [];
    private byte[] _key = [];
    private IcePair? _nominating;
    private IcePair? _selected;
    private bool _isConcluded;
    private MonotonicTime _nextCheck;
    private MonotonicTime _nominateBy = MonotonicTime.Never;
    private MonotonicTime _consentDue = MonotonicTime.Never;

    public IceChecker(IceOptions options, IceRole role, IEntropy entropy)
    {
        _options = options;
        _entropy = entropy;
        _list = new IceCheckList(options.MaxPairs);
        Role = role;
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        entropy.Fill(random);
        _tieBreaker = BinaryPrimitives.ReadUInt64BigEndian(random);
    }

    /// <summary>The role now: a role conflict may change it.</summary>
    public IceRole Role { get; private set; }

    /// <summary>The address that the remote saw the last answered check come from; none before the first answer.</summary>
    public TransportAddress MappedAddress { get; private set; }

    public IceCheckList List => _list;

    /// <summary>Time at which <see cref="TryWrite"/> has something to send at the earliest.</summary>
    public MonotonicTime NextDeadline
    {
        get
        {
            if (_receiver is null)
                return MonotonicTime.Never;
            MonotonicTime next = MonotonicTime.Never;
            foreach (IcePair pair in _list.Pairs)
            {
                if (pair.IsChecking)
                    next = MonotonicTime.Min(next, pair.Check.Due);
            }
            if (_selected is { IsChecking: false })
                next = MonotonicTime.Min(next, _consentDue);
            if (MayNominate && _list.Best(IcePairState.Succeeded, Role) is { } best)
                next = MonotonicTime.Min(next, _list.HasBetterUndecided(best, Role) ? _nominateBy : MonotonicTime.Zero);
            return _list.HasNext(Role) ? MonotonicTime.Min(next, _nextCheck) : next;
        }
    }

    private bool MayNominate => Role == IceRole.Controlling && !_isConcluded && _nominating is null;

    /// <summary>Begins with the credentials of a generation; pairs of an earlier one are void (RFC 8445 section 9).</summary>
    public void Begin(IceGeneration generation)
    {
        _list.Clear();
        _nominating = null;
        _selected = null;
        _isConcluded = false;
        _nominateBy = MonotonicTime.Never;
        _consentDue = MonotonicTime.Never;
        _local = generation.Local;
        SetRemote(generation.Remote);
    }

    /// <summary>Takes the remote's credentials, without which nothing is sent.</summary>
    public void SetRemote(IceCredentials? remote)
    {
        _receiver = remote is null ? null : Encoding.UTF8.GetBytes(remote.UsernameFragment);
        _sender = Encoding.UTF8.GetBytes(_local!.UsernameFragment);
        _key = remote is null ? [] : Encoding.UTF8.GetBytes(remote.Password);
    }

    /// <summary>Follows the agent's selection: consent is checked on the selected path and no other.</summary>
    public void Select(in NetworkPath? path, MonotonicTime now)
    {
        IcePair? pair = path is { } selected ? _list.Find(selected) : null;
        if (pair == _selected)
            return;
        _selected = pair;
        _consentDue = now + NextConsentInterval();
    }

    /// <summary>Writes what is due: one check at a time, until it returns 0.</summary>
    /// <param name="buffer">Takes the check; at least <see cref="IceAgent.MaxCheckLength"/> bytes.</param>
    /// <param name="now">The time.</param>
    /// <param name="path">Where the check goes.</param>
    /// <returns>The length of the check in bytes.</returns>
    public int TryWrite(Span<byte> buffer, MonotonicTime now, out NetworkPath path)
    {
        path = default;
        if (_receiver is null || NextToSend(now) is not { } pair)
            return 0;
        path = pair.Path;
        return Write(pair, buffer);
    }

    /// <summary>
    /// Settles the roles with a request that claims ours (RFC 8445 section 7.3.1.1): the greater tie-breaker stays.
    /// </summary>
    /// <returns>True when the remote is to change its role, and earns 487.</returns>
    public bool IsRoleConflict(in StunMessageView request)
    {
        // A request that has to be refused for its attributes changes nothing.
        if (request.CopyUnknownRequired(stackalloc StunAttributeType[1]) > 0)
            return false;
        if (Role == IceRole.Controlling && request.TryGetTieBreaker(StunAttributeType.IceControlling, out ulong controlling))
        {
            if (_tieBreaker >= controlling)
                return true;
            SwitchRole();
        }
        else if (Role == IceRole.Controlled && request.TryGetTieBreaker(StunAttributeType.IceControlled, out ulong controlled))
        {
            if (_tieBreaker < controlled)
                return true;
            SwitchRole();
        }
        return false;
    }

    /// <summary>
    /// Takes an authenticated request: its path is checked too, and remembered when nominated (RFC 8445 sections 7.3.1.3 to 7.3.1.5).
    /// </summary>
    /// <returns>The pair that the request nominates at once, since it has been checked before; null otherwise.</returns>
    public IcePair? OnRequest(in NetworkPath path, uint priority, bool useCandidate)
    {
        if (_list.FindOrAdd(path, priority) is not { } pair)
            return null;
        bool nominates = useCandidate && Role == IceRole.Controlled;
        if (pair.State == IcePairState.Succeeded)
            return nominates ? pair : null;
        pair.IsNominatedByRemote |= nominates;
        pair.StopSending();
        _list.Trigger(pair);
        return null;
    }

    /// <summary>Takes a response to one of our checks.</summary>
    /// <param name="response">What came.</param>
    /// <param name="path">The path it came by.</param>
    /// <param name="now">When it came.</param>
    /// <param name="succeeded">The pair that was proven by it; null when none was.</param>
    /// <param name="nominated">Whether that pair is nominated now.</param>
    public DropReason OnResponse(
        in StunMessageView response, in NetworkPath path, MonotonicTime now, out IcePair? succeeded, out bool nominated)
    {
        succeeded = null;
        nominated = false;
        if (response.Method != StunMethod.Binding || FindAnswered(response.TransactionId) is not { } pair)
            return DropReason.StunNotARequest;
        if (response.CheckFingerprint() == FingerprintStatus.Invalid)
            return DropReason.StunBadFingerprint;
        if (!response.VerifyIntegrity(_key))
            return DropReason.StunBadIntegrity;
        pair.TryTake(response.TransactionId, out IceTransaction check);
        if (_nominating == pair && check.Nominates)
            _nominating = null;
        if (response.Class == StunClass.ErrorResponse)
        {
            OnError(pair, check, response);
            return DropReason.None;
        }
        // RFC 8445 section 7.2.5.2.1: the response comes from where the request was sent to.
        if (path != pair.Path || !response.TryGetXorMappedAddress(out TransportAddress mapped))
        {
            pair.Fail(hasTimedOut: false);
            return DropReason.None;
        }
        MappedAddress = mapped;
        nominated = Role == IceRole.Controlling ? check.Nominates : pair.IsNominatedByRemote;
        OnSuccess(pair, nominated, now);
        succeeded = pair;
        return DropReason.None;
    }

    /// <summary>Ends the checks of all other pairs, since this one was nominated (RFC 8445 section 8.1.2).</summary>
    public void Conclude(IcePair nominated)
    {
        _isConcluded = true;
        _nominating = null;
        _list.KeepOnly(nominated);
    }

    private void OnSuccess(IcePair pair, bool nominated, MonotonicTime now)
    {
        _list.Succeed(pair);
        if (_nominateBy.IsNever)
            _nominateBy = now + _options.NominationDelay;
        if (nominated)
            Conclude(pair);
        if (pair == _selected)
            _consentDue = now + NextConsentInterval();
    }

    private void OnError(IcePair pair, in IceTransaction check, in StunMessageView response)
    {
        if (response.TryGetErrorCode(out StunErrorCode code, out _) && code == StunErrorCode.RoleConflict)
        {
            // RFC 8445 section 7.2.5.1: change to the other role, unless that has happened since, and check again.
            if (check.Role == Role)
                SwitchRole();
            _list.Trigger(pair);
        }
        else if (pair.State != IcePairState.Succeeded)
        {
            pair.Fail(hasTimedOut: false);
        }
    }

    private void SwitchRole()
    {
        Role = Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling;
        _nominating = null;
    }

    /// <summary>
    /// Chooses what to send, first match wins: a check again that was not answered, a check for consent, a nomination, and
    /// every <see cref="IceOptions.CheckInterval"/> the check of another pair.
    /// </summary>
    private IcePair? NextToSend(MonotonicTime now)
    {
        if (NextToSendAgain(now) is { } again)
            return again;
        if (_selected is { IsChecking: false } selected && now >= _consentDue)
        {
            _consentDue = now + NextConsentInterval();
            Begin(selected, nominates: _isConcluded && Role == IceRole.Controlling, now);
            if (_options.ConsentTransmissions == 1)
                selected.StopSending();
            return selected;
        }
        if (MayNominate && _list.Best(IcePairState.Succeeded, Role) is { } best
            && (now >= _nominateBy || !_list.HasBetterUndecided(best, Role)))
        {
            _nominating = best;
            return Begin(best, nominates: true, now);
        }
        if (now < _nextCheck || _list.TakeNext(Role) is not { } next)
            return null;
        _nextCheck = now + _options.CheckInterval;
        next.State = IcePairState.InProgress;
        return Begin(next, nominates: _options.NominatesFirst && Role == IceRole.Controlling, now);
    }

    private IcePair? NextToSendAgain(MonotonicTime now)
    {
        foreach (IcePair pair in _list.Pairs)
        {
            if (!pair.IsChecking || now < pair.Check.Due)
                continue;
            bool isConsent = pair == _selected && pair != _nominating && pair.State == IcePairState.Succeeded;
            int limit = isConsent ? _options.ConsentTransmissions : _options.MaxTransmissions;
            if (pair.Check.Transmissions < limit)
            {
                pair.OnSent(now, _options.MaxTransmissions);
                if (isConsent && pair.Check.Transmissions == limit)
                    pair.StopSending();
                return pair;
            }
            OnUnanswered(pair);
        }
        return null;
    }

    /// <summary>Gives a check up (RFC 8445 section 7.2.5.2.3), and with it the nomination that it was.</summary>
    private void OnUnanswered(IcePair pair)
    {
        if (_nominating == pair)
            _nominating = null;
        pair.Fail(hasTimedOut: true);
    }

    private IcePair Begin(IcePair pair, bool nominates, MonotonicTime now)
    {
        // RFC 8445 section 14.3.
        TimeSpan paced = _options.CheckInterval * Math.Max(_list.CountUndecided(), 1);
        pair.Begin(new IceTransaction
        {
            Id = StunTransactionId.Create(_entropy),
            Role = Role,
            Nominates = nominates,
            Timeout = paced > _options.RetransmissionTimeout ? paced : _options.RetransmissionTimeout,
        });
        pair.OnSent(now, _options.MaxTransmissions);
        return pair;
    }

    private int Write(IcePair pair, Span<byte> buffer)
    {
        IceTransaction check = pair.Check;
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, check.Id);
        writer.AddUsername(_receiver, _sender);
        writer.AddTieBreaker(check.Role == IceRole.Controlling ? StunAttributeType.IceControlling
            : StunAttributeType.IceControlled, _tieBreaker);
        if (check.Nominates)
            writer.AddUseCandidate();
        // RFC 8445 section 7.1.1: the priority that a peer-reflexive candidate learned from this check would have.
        writer.AddPriority((PeerReflexivePreference << 24) | (pair.LocalPriority & 0x00FF_FFFF));
        writer.AddMessageIntegrity(_key);
        writer.AddFingerprint();
        return writer.Length;
    }

    private IcePair? FindAnswered(StunTransactionId id)
    {
        foreach (IcePair pair in _list.Pairs)
        {
            if (pair.IsAnsweredBy(id))
                return pair;
        }
        return null;
    }

    /// <summary>
    /// RFC 7675 section 5.1: each interval is drawn from 0.8 to 1.2 times the set one, so that checks do not synchronize.
    /// </summary>
    private TimeSpan NextConsentInterval()
    {
        Span<byte> random = stackalloc byte[1];
        _entropy.Fill(random);
        return _options.ConsentInterval * (0.8 + (0.4 * random[0] / byte.MaxValue));
    }
}
