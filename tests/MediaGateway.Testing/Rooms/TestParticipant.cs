using System.Collections.Immutable;
using System.Text;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Testing.Data;

namespace MediaGateway.Testing.Rooms;

/// <summary>
/// A client as an SDK would be, in virtual time: signaling that takes time and may break, one connection or two, tracks up
/// and down. It checks all it receives, and notes at its meeting what should not be.
/// </summary>
public sealed class TestParticipant : IDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan KeyFrameInterval = TimeSpan.FromMilliseconds(300);

    private readonly TestMeeting _meeting;
    private readonly ParticipantOptions _options;
    private readonly string _room;
    private readonly List<TestSource> _sources = [];
    private readonly Dictionary<Ssrc, (TestReception Reception, TestConnection Connection, MonotonicTime Asked)> _receptions = [];
    private readonly Dictionary<Ssrc, TrackSid> _tracks = [];
    private readonly TestInbox _inbox;
    private readonly TestChannels _channels;
    private TestOffers _offers;
    private SignalLink _link;
    private SessionDescription? _offer;
    private uint _offerId;
    private uint _sequence;
    private ulong _answers;
    private bool _offersAgain;
    private MonotonicTime _nextCheck;

    internal TestParticipant(TestMeeting meeting, ParticipantOptions options, string room)
    {
        _meeting = meeting;
        _room = room;
        _options = options;
        _offers = new TestOffers(options.Identity);
        _link = new SignalLink(meeting, this);
        _inbox = new TestInbox(meeting, options.Identity);
        Up = new TestConnection(meeting, this);
        _channels = new TestChannels(meeting, Up);
        Rights = new TestRights(meeting, options.Permissions, options.AutoSubscribe);
    }

    public string Identity => _options.Identity;

    /// <summary>The gateway's own participant; null before it joined and when it was refused.</summary>
    public Participant? Remote => Outcome?.Participant;

    public JoinOutcome? Outcome { get; private set; }

    /// <summary>The connection on which the client offers; the only one in single-connection mode.</summary>
    public TestConnection Up { get; }

    /// <summary>The connection on which the gateway offers; null before it has, and always in single-connection mode.</summary>
    public TestConnection? Down { get; private set; }

    public TestConnection Receiving => _options.SinglePeerConnection ? Up : Down ?? Up;

    public TestRights Rights { get; }

    public IReadOnlyList<TestSource> Sources => _sources;

    public IEnumerable<TestReception> Receptions => _receptions.Values.Select(entry => entry.Reception);

    public List<RoomNotification> Notifications { get; } = [];

    public IReadOnlyList<ReceivedData> Data => _inbox.Received;

    /// <summary>Others as last heard of.</summary>
    public Dictionary<ParticipantSid, ParticipantInfo> Others { get; } = [];

    public RoomNotification.Left? Left { get; private set; }

    /// <summary>Labels of channels that were closed from the other side.</summary>
    public List<string> ClosedChannels { get; } = [];

    /// <summary>The page is there no more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>True to answer offers with what is no answer to them.</summary>
    public bool AnswersBadly { get; set; }

    /// <summary>Video codecs it can decode; to be set before it receives.</summary>
    public ImmutableArray<CodecKind> VideoCodecs
    {
        get => _offers.VideoCodecs;
        set => _offers = new TestOffers(Identity) { VideoCodecs = value };
    }

    public bool HasSignal => !_link.IsCut;

    /// <summary>True once it can send data packets and, in two-connection mode, receive them.</summary>
    public bool HasChannels => _channels.HasOwn && (_options.SinglePeerConnection || _channels.HasOpened);

    public IEnumerable<T> Heard<T>()
        where T : RoomNotification => Notifications.OfType<T>();

    /// <summary>The stream of a source that came last.</summary>
    public TestReception? ReceptionOf(TestSource source) => Receptions.LastOrDefault(reception => reception.Source == source);

    /// <summary>Frames, or audio packets, of a source that could be decoded, over all streams.</summary>
    public int Decoded(TestSource source) => Receptions.Where(media => media.Source == source).Sum(media => media.FramesDecoded);

    public TestSource Publish(MediaKind kind, CodecKind? codec = null, bool isSimulcast = false, bool announces = true,
        string? describedCid = null, TrackSource? shows = null)
    {
        CodecKind chosen = codec ?? (kind == MediaKind.Audio ? CodecKind.Opus : CodecKind.Vp8);
        TestSource source = _meeting.CreateSource(this, kind, chosen, isSimulcast, describedCid, shows);
        _sources.Add(source);
        _offers.Send(source);
        if (announces)
            Announce(source);
        Offer();
        return source;
    }

    public void Announce(TestSource source, Action<RequestOutcome>? onOutcome = null) => _link.Send(participant =>
    {
        RequestOutcome outcome = participant.AddTrack(source.Request, _meeting.Now);
        onOutcome?.Invoke(outcome);
    });

    /// <summary>Gives the section of a source to another, within one offer.</summary>
    public TestSource Replace(TestSource source)
    {
        TestSource other = _meeting.CreateSource(this, source.Kind, source.Codec, source.IsSimulcast, null);
        _sources.Remove(source);
        _sources.Add(other);
        _offers.Replace(source, other);
        Announce(other);
        Offer();
        return other;
    }

    public void Unpublish(TestSource source)
    {
        _sources.Remove(source);
        _offers.Stop(source);
        Offer();
    }

    public void Mute(TestSource source, bool muted, bool keepsSending = false)
    {
        source.IsSilent = muted && !keepsSending;
        _link.Send(participant =>
        {
            if (source.Sid is not { } sid || participant.SetMuted(sid, muted, _meeting.Now) != RequestOutcome.Done)
                return;
            source.IsMuted = muted;
            Rights.Mute(source, muted);
        });
    }

    public void Subscribe(TrackSid track, bool subscribe) => _link.Send(participant =>
    {
        Rights.Wish(track, subscribe);
        participant.SetSubscriptions([track], subscribe, _meeting.Now);
    });

    public void Want(TrackSid track, TrackSettings settings) => _link.Send(participant =>
    {
        Rights.Disable(track, settings.Disabled);
        participant.SetTrackSettings([track], settings, _meeting.Now);
    });

    /// <summary>Lets only these have its tracks; null lets everybody.</summary>
    public void Let(params string[]? identities) => _link.Send(participant =>
    {
        Rights.Let(identities is null ? null : [.. identities]);
        ImmutableArray<TrackPermission> permissions =
            [.. (identities ?? []).Select(identity => new TrackPermission(null, identity, true, []))];
        participant.SetSubscriptionPermissions(identities is null, permissions, _meeting.Now);
    });

    /// <summary>Does what the control API would.</summary>
    public void Permit(ParticipantPermissions permissions) => _meeting.AtGateway(() =>
    {
        Rights.Set(permissions);
        Remote?.SetPermissions(permissions, _meeting.Now);
    });

    public void Request(Action<Participant> request) => _link.Send(request);

    /// <summary>Says goodbye.</summary>
    public void Leave()
    {
        _link.Send(participant => participant.Leave(DisconnectReason.ClientInitiated, LeaveAction.Disconnect, _meeting.Now));
    }

    /// <summary>The page is closed: its connections say so, its signaling just ends.</summary>
    public void ClosePage()
    {
        IsGone = true;
        _link.Cut();
        Up.Close(_meeting.Now);
        Down?.Close(_meeting.Now);
    }

    /// <summary>The machine is gone without a word.</summary>
    public void Vanish()
    {
        IsGone = true;
        _link.Cut();
        Up.Vanish();
        Down?.Vanish();
    }

    public void CutSignal() => _link.Cut();

    /// <summary>Signaling comes back on another connection, and says what the client knows.</summary>
    public void Resume()
    {
        if (HasSignal)
            _link.Cut();
        var link = new SignalLink(_meeting, this);
        _link = link;
        _inbox.OnResuming();
        _meeting.After(_meeting.SignalDelay, () => _meeting.AtGateway(() => Remote!.Resume(link, _meeting.Now)));
        link.Send(participant => participant.OnSyncState(State(), _meeting.Now));
        if (Up.Session is not null)
            Up.RestartIce();
        _offer = null;
        if (_options.SinglePeerConnection || _offers.Count > 0)
            Offer();
    }

    /// <summary>Forgets the reliable packets beyond this one, from whomever they came.</summary>
    public void Forget(uint after) => _inbox.Forget(after);

    /// <summary>Gives up all sections for receiving.</summary>
    public void StopReceiving()
    {
        _offers.StopReceiving();
        Offer();
    }

    public void SendPacket(string text, bool isReliable = true, params string[] to)
    {
        var packet = new ProtobufMessage().Message(2, new ProtobufMessage().Text(2, text));
        foreach (string identity in to)
            packet.Text(5, identity);
        if (isReliable)
            packet.Varint(16, ++_sequence);
        _channels.Send(isReliable ? TestChannels.Reliable : TestChannels.Lossy, DataMessageKind.Binary, packet.ToArray());
    }

    public void SendMessage(string label, string text)
    {
        _channels.Open(new DataChannelParameters { Label = label });
        _channels.Send(label, DataMessageKind.Text, Encoding.UTF8.GetBytes(text));
    }

    public void CloseChannel(string label) => _channels.Close(label);

    public void Dispose()
    {
        Up.Dispose();
        Down?.Dispose();
    }

    internal void Join()
    {
        _meeting.AtGateway(() => Outcome = _meeting.Gateway.Worker.Rooms.Join(
            _room, mayCreate: true, _options, _meeting.RoomDefaults, _link, _meeting.Now));
        if (Outcome!.Result != JoinResult.Joined)
            return;
        foreach (ParticipantInfo other in Outcome.Others)
            Others[other.Sid] = other;
        Offer();
    }

    internal void OnNotification(RoomNotification notification)
    {
        Notifications.Add(notification);
        if (IsGone)
            return;
        switch (notification)
        {
            case RoomNotification.Answered answered:
                OnAnswered(answered);
                break;
            case RoomNotification.Offered offered:
                OnOffered(offered);
                break;
            case RoomNotification.MediaSectionsRequired required:
                for (int i = 0; i < required.Audio; i++)
                    _offers.Receive(MediaKind.Audio);
                for (int i = 0; i < required.Video; i++)
                    _offers.Receive(MediaKind.Video);
                Offer();
                break;
            case RoomNotification.TrackPublished published:
                if (_sources.Find(source => source.Cid == published.Cid) is { } taken)
                    _meeting.OnPublished(taken, published.Track.Sid);
                break;
            case RoomNotification.TrackUnpublished unpublished:
                if (_sources.Find(source => source.Sid == unpublished.Track) is { } ended)
                    Unpublish(ended);
                break;
            case RoomNotification.ParticipantsChanged changed:
                OnParticipants(changed);
                break;
            case RoomNotification.NegotiationFailed failed when !AnswersBadly:
                _meeting.Violate($"{Identity}: {failed.Target} negotiation failed: {failed.Error}");
                break;
            case RoomNotification.Left left:
                Left = left;
                _link.Cut();
                break;
        }
    }

    internal MonotonicTime OnMediaTick(TestConnection connection, MonotonicTime now)
    {
        if (now >= _nextCheck)
        {
            _nextCheck = now + CheckInterval;
            CheckReceptions(now);
        }
        MonotonicTime next = _nextCheck;
        if (connection != Up)
            return next;
        _channels.OpenAll();
        foreach (TestSource source in _sources)
            next = MonotonicTime.Min(next, source.Send(connection.Transport!, ExtensionsOf(source), now));
        return next;
    }

    internal void OnMedia(TestConnection connection, in MediaPacket packet, MonotonicTime now)
    {
        if (packet.View.Payload.IsEmpty)
            return;
        Ssrc ssrc = packet.View.Ssrc;
        if (!_receptions.TryGetValue(ssrc, out (TestReception Reception, TestConnection Connection, MonotonicTime Asked) entry))
        {
            if (!TestMediaPayload.TryRead(packet.View.Payload, packet.Codec.Kind, out int id, out _, out _, out _)
                || _meeting.FindSource(id) is not { } source)
            {
                _meeting.Violate($"{Identity}: a packet of nobody under SSRC {ssrc}");
                return;
            }
            entry = (new TestReception(_meeting, connection, Identity, ssrc, source), connection, default);
            _receptions.Add(ssrc, entry);
        }
        TestSource known = entry.Reception.Source;
        if (known.FindFrame(packet) is { } frame)
            _meeting.CheckMayReceive(this, known, frame);
        if (_tracks.TryGetValue(ssrc, out TrackSid track) && known.Sid is { } sid && track != sid && !_meeting.Shows(track, sid))
            _meeting.Violate($"{Identity}: SSRC {ssrc} was described as {track}, and carries {sid}");
        if (KeyFrames.StartsKeyFrame(packet.Codec.Kind, packet.View.Payload))
            packet.Stream.OnKeyFrame();
        entry.Reception.OnPacket(packet, now);
    }

    internal void OnDataChannel(DataChannel channel) => _channels.OnOpened(channel);

    internal void OnData(DataChannel channel, ReadOnlySpan<byte> message) => _inbox.OnMessage(channel, message);

    internal TestEncoding? FindEncoding(RtpSender sender) =>
        _sources.SelectMany(source => source.Encodings).FirstOrDefault(encoding => encoding.Local.Primary == sender.Stream.Ssrc);

    private void Offer()
    {
        if (_offer is not null)
        {
            _offersAgain = true;
            return;
        }
        _offersAgain = false;
        SessionDescription offer = _offer = _offers.Create(Up.Local);
        uint id = ++_offerId;
        _link.Send(participant => participant.OnOffer(id, offer, _meeting.Now));
    }

    private void OnAnswered(RoomNotification.Answered answered)
    {
        if (_offer is null || answered.Id != _offerId)
            return;
        if (!SessionNegotiator.TryAcceptAnswer(_offer, answered.Description, Up.Session, out NegotiatedSession? session,
            out NegotiationError? error))
        {
            _meeting.Violate($"{Identity}: the answer is none: {error}");
            return;
        }
        _offer = null;
        Describe(session, answered.Tracks);
        DropRefused(session);
        Up.Apply(_offers.WithEncodings(session), _meeting.Now);
        if (_offersAgain)
            Offer();
    }

    /// <summary>Drops the tracks that the gateway does not take, so that they are not offered again: their SSRCs are used up.</summary>
    private void DropRefused(NegotiatedSession session)
    {
        foreach (NegotiatedMedia media in session.Media.Where(media => !media.Sending))
        {
            if (_sources.Find(source => source.Mid == media.Mid) is not { } refused)
                continue;
            _sources.Remove(refused);
            _offers.Stop(refused);
        }
    }

    private void OnOffered(RoomNotification.Offered offered)
    {
        Down ??= new TestConnection(_meeting, this);
        if (Down.Session is not null && SessionNegotiator.IsIceRestart(Down.Session, offered.Description))
            Down.RestartIce();
        var policy = new AnswerPolicy
        {
            Transport = Down.Local,
            SessionId = 8,
            SessionVersion = ++_answers,
            Direction = MediaDirection.SendReceive,
            DecideSection = static _ => new SectionDecision(true, null),
            AllowedCodecs = [CodecKind.Opus, .. VideoCodecs],
            AcceptsData = true,
            MayBeIdle = true,
            RequiredKinds = [],
            EstablishedRole = Down.Session?.LocalDtlsRole,
            EstablishedFingerprints = Down.Session?.RemoteFingerprints ?? [],
        };
        if (!SessionNegotiator.TryAnswer(offered.Description, policy, out NegotiatedSession? session, out NegotiationError? error))
        {
            _meeting.Violate($"{Identity}: the offer is none: {error}");
            return;
        }
        if (AnswersBadly)
        {
            _link.Send(participant => participant.OnAnswer(offered.Id, Up.Session!.LocalDescription, _meeting.Now));
            return;
        }
        Describe(session, offered.Tracks);
        Down.Apply(session, _meeting.Now);
        _link.Send(participant => participant.OnAnswer(offered.Id, session.LocalDescription, _meeting.Now));
    }

    /// <summary>Notes which track each SSRC carries by the description.</summary>
    private void Describe(NegotiatedSession session, ImmutableDictionary<Mid, TrackSid> tracks)
    {
        foreach (NegotiatedMedia media in session.Media)
        {
            if (!media.RemoteSources.IsEmpty && tracks.TryGetValue(media.Mid, out TrackSid track))
                _tracks[media.RemoteSources[0].Primary] = track;
        }
    }

    private void OnParticipants(RoomNotification.ParticipantsChanged changed)
    {
        foreach (ParticipantInfo info in changed.Participants)
        {
            if (info.Identity == Identity)
                continue;
            if (info.Permissions.Hidden && info.State != ParticipantState.Disconnected)
                _meeting.Violate($"{Identity} hears of {info.Identity}, who is hidden");
            if (info.State == ParticipantState.Disconnected)
                Others.Remove(info.Sid);
            else
                Others[info.Sid] = info;
        }
    }

    private void CheckReceptions(MonotonicTime now)
    {
        foreach ((Ssrc ssrc, (TestReception reception, TestConnection connection, MonotonicTime asked)) in _receptions)
        {
            reception.Advance(now);
            if (!reception.NeedsKeyFrame || now - asked < KeyFrameInterval || connection.Transport is not { } transport)
                continue;
            if (transport.Rtp.Receivers.SelectMany(receiver => receiver.Encodings)
                .FirstOrDefault(stream => stream.Ssrc == ssrc) is not { } wanting)
                continue;
            transport.Rtp.RequestKeyFrame(wanting, now);
            _receptions[ssrc] = (reception, connection, now);
        }
    }

    private HeaderExtensionMap ExtensionsOf(TestSource source) =>
        Up.Transport!.Rtp.Senders.FirstOrDefault(sender => sender.Mid == source.Mid)?.Extensions ?? HeaderExtensionMap.Empty;

    private SyncState State() => new(
        [.. _sources.Where(source => source.Sid is not null).Select(source => source.Sid!.Value)],
        [],
        [],
        _inbox.LastSequences);
}
