using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>
/// A meeting in which anything may happen at any time: joins in both modes, leaves of all kinds, mutes, layer switches, changes
/// of rights, breaks of signaling, a worker that has too much to do. What everybody receives is checked as it comes.
/// </summary>
internal sealed class RandomMeeting : IDisposable
{
    private const int MaxParticipants = 30;
    private const int MaxVideos = 5;

    private static readonly LinkConditions[] Links =
    [
        LinkConditions.Perfect,
        new() { Loss = 0.02, Delay = TimeSpan.FromMilliseconds(15), Jitter = TimeSpan.FromMilliseconds(8) },
        new() { Loss = 0.08, Duplication = 0.02, Delay = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(25) },
    ];

    private static readonly WorkerLoad Overload = new(Busy: 1, Cpu: 1, TimeSpan.FromSeconds(1), Lost: 1);
    private static readonly WorkerLoad Quiet = new(Busy: 0.1, Cpu: 0.1, TimeSpan.Zero, Lost: 0);

    private readonly Random _random;
    private readonly Random _loads;
    private readonly int _size;
    private bool _isOverloaded;
    private int _joined;

    public RandomMeeting(int seed)
    {
        _random = new Random(seed);
        _loads = new Random(seed + 1);
        _size = Math.Min(MaxParticipants, 2 + (int)(28 * Math.Pow(_random.NextDouble(), 3)));
        Meeting = new TestMeeting(seed, Links[seed % Links.Length])
        {
            SignalDelay = TimeSpan.FromMilliseconds(_random.Next(5, 60)),
            RoomDefaults = new RoomOptions { DepartureTimeout = TimeSpan.FromSeconds(5) },
        };
    }

    public TestMeeting Meeting { get; }

    public int Steps { get; private set; }

    public long FramesDecoded =>
        Meeting.Participants.Sum(participant => participant.Receptions.Sum(reception => (long)reception.FramesDecoded));

    /// <summary>
    /// One that closed its connection before the gateway had its handshake is gone too: the gateway finds out by its silence.
    /// </summary>
    private IEnumerable<TestParticipant> Present => Meeting.Participants.Where(participant =>
        participant is { IsGone: false, Remote.IsClosed: false } && participant.Up.Transport?.State != PeerTransportState.Closed);

    private IEnumerable<TestParticipant> Heard => Present.Where(participant => participant.HasSignal);

    public void Run(int steps)
    {
        for (int i = 0; i < _size / 2 + 1; i++)
            Join();
        for (; Steps < steps; Steps++)
        {
            Act();
            Load();
            Meeting.RunSoundly(_random.Next(10, 150) / 1000.0);
            AssertInvariants();
        }
    }

    /// <summary>Nothing happens any more: everybody gets all it may have.</summary>
    public void Settle()
    {
        foreach (TestParticipant participant in Present.Where(participant => !participant.HasSignal))
            participant.Resume();
        for (; Meeting.Gateway.Worker.SheddingLevel > 0; Meeting.RunSoundly(0.1))
            Meeting.AtGateway(() => Meeting.Gateway.Worker.OnLoad(Quiet, Meeting.Now));
        Meeting.Gateway.Worker.OnLoad(Quiet, Meeting.Now + TimeSpan.FromSeconds(11));
        Meeting.RunSoundly(3);
        Dictionary<(TestParticipant, TestSource),
            int> before = Expected().ToDictionary(pair => pair, pair => pair.Receiver.Decoded(pair.Source));
        Meeting.RunSoundly(2);
        foreach (((TestParticipant receiver, TestSource source), int frames) in before)
            Assert.True(receiver.Decoded(source) > frames, $"{receiver.Identity} gets nothing of source {source.Id} ({source.Codec}) of "
                + $"{source.Publisher.Identity}: {Explain(receiver, source)}");
    }

    /// <summary>Some leave, others are put out; then nothing is left of them.</summary>
    public void End()
    {
        if (_random.Next(2) == 0)
        {
            foreach (TestParticipant participant in Present.ToArray())
                participant.Leave();
            Meeting.RunSoundly(40);
            Assert.Empty(Meeting.Gateway.Worker.Rooms.All);
            Assert.Equal(0, Meeting.Gateway.Worker.Peers.Count);
        }
        Meeting.AssertNothingLeaks();
        Meeting.RunSoundly(1);
        foreach (TestParticipant participant in Meeting.Participants.Where(participant => participant.Left is not null))
            Assert.Equal(participant.Remote!.CloseReason, participant.Left!.Reason);
    }

    public void Dispose() => Meeting.Dispose();

    private IEnumerable<(TestParticipant Receiver, TestSource Source)> Expected() =>
        from receiver in Present
        from publisher in Present
        from source in publisher.Sources
        where receiver != publisher && !source.IsSilent && source.Sid is not null
            && source.Publisher.Rights.MaySend(source) && source.Publisher.Rights.Lets(receiver.Identity)
                && receiver.Rights.MayReceive(source)
        select (receiver, source);

    private string Explain(TestParticipant receiver, TestSource source)
    {
        var track = Meeting.Room?.FindTrack(source.Sid!.Value) as ParticipantTrack;
        TrackSubscription? subscription = receiver.Remote!.Subscriptions.Find(source.Sid!.Value);
        Subscription? media = subscription?.Subscription;
        return $"track in section {track?.Mid}, muted {track?.Info.Muted}; subscription in section {subscription?.Mid}, ended "
            + $"{subscription?.IsEnded}; "
            + $"{media?.Limit}, sent {media?.Sender.Stream.PacketsSent} under SSRC {media?.Sender.Stream.Ssrc}, needs a key frame: "
                + $"{media?.Forwarder.NeedsKeyFrame}; "
            + "received "
                + string.Join(' ', receiver.Receptions.Select(reception => $"{reception.Ssrc}/{reception.Source.Id}/{reception.Packets}"))
                + "; "
            + $"publisher connected: {source.Publisher.Up.IsConnected}, receiver connected: {receiver.Receiving.IsConnected}, "
            + $"heard: {string.Join(' ', receiver.Notifications.TakeLast(12).Select(notification => notification.GetType().Name))}";
    }

    private void AssertInvariants()
    {
        if (Meeting.Room is not { } room)
            return;
        Assert.Equal(room.Participants.Length, room.Participants.Select(participant => participant.Identity).Distinct().Count());
        foreach (Participant participant in room.Participants)
        {
            Assert.False(participant.IsClosed);
            foreach (TrackSubscription subscription in participant.Subscriptions.Active)
            {
                Assert.False(subscription.IsEnded);
                Assert.Contains(subscription, subscription.Track.Subscriptions);
                Assert.Contains(subscription.Track.Publisher, room.Members);
            }
            foreach (TrackPublication track in participant.Publications)
                Assert.All(track.Subscriptions, subscription =>
                    Assert.Same(subscription, subscription.Subscriber.Subscriptions.Find(track.Sid)));
        }
    }

    private void Load()
    {
        _isOverloaded ^= _loads.Next(_isOverloaded ? 6 : 20) == 0;
        Meeting.AtGateway(() => Meeting.Gateway.Worker.OnLoad(_isOverloaded ? Overload : Quiet, Meeting.Now));
    }

    private void Act()
    {
        switch (_random.Next(20))
        {
            case 0 or 1 or 2:
                Join();
                break;
            case 3:
                End(Any(Heard), _random.Next(6));
                break;
            case 4 or 5:
                Publish(Any(Heard));
                break;
            case 6 or 7:
                if (AnySource(Heard) is { } muted)
                    muted.Publisher.Mute(muted, !muted.IsMuted, keepsSending: _random.Next(2) == 0);
                break;
            case 8 or 9 or 10 or 11:
                if (AnySource(Present) is { Sid: { } wanted })
                    Any(Heard)?.Want(wanted, AnySettings());
                break;
            case 12:
                if (AnySource(Present) is { Sid: { } wished })
                    Any(Heard)?.Subscribe(wished, _random.Next(3) > 0);
                break;
            case 13:
                Any(Heard)?.Permit(new ParticipantPermissions
                { CanPublish = _random.Next(4) > 0, CanSubscribe = _random.Next(4) > 0, Hidden = _random.Next(6) == 0 });
                break;
            case 14:
                Any(Heard)?.Let(_random.Next(2) == 0 ? null
                    : [.. Present.Where(_ => _random.Next(2) == 0).Select(participant => participant.Identity)]);
                break;
            case 15:
                if (AnySource(Heard) is { } source)
                    source.Publisher.Unpublish(source);
                break;
            case 16 or 17:
                BreakOrResume(Any(Present));
                break;
            default:
                Any(Heard)?.SendPacket("data", isReliable: _random.Next(2) == 0);
                break;
        }
    }

    private void Join()
    {
        if (Present.Count() >= _size)
            return;
        string identity = _random.Next(10) == 0 && Any(Present) is { } known ? known.Identity : $"p{_joined++}";
        TestParticipant participant = Meeting.Join(
            identity, single: _random.Next(2) == 0, options => options with { AutoSubscribe = _random.Next(8) > 0 });
        if (_random.Next(3) > 0)
            Publish(participant);
    }

    private void Publish(TestParticipant? participant)
    {
        if (participant is null || participant.Sources.Count >= 3 || !participant.Rights.Permissions.CanPublish)
            return;
        bool isVideo = _random.Next(2) == 0
            && Present.Sum(other => other.Sources.Count(source => source.Kind == MediaKind.Video)) < MaxVideos;
        if (isVideo)
            participant.Publish(MediaKind.Video, _random.Next(3) == 0 ? CodecKind.H264 : CodecKind.Vp8, isSimulcast: _random.Next(3) > 0);
        else if (Present.Sum(other => other.Sources.Count) < 2 * MaxVideos)
            participant.Publish(MediaKind.Audio);
    }

    private void End(TestParticipant? participant, int how)
    {
        switch (how)
        {
            case 0:
                participant?.ClosePage();
                break;
            case 1:
                participant?.Vanish();
                break;
            case 2 when participant is not null:
                Meeting.AtGateway(() =>
                    participant.Remote!.Leave(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect, Meeting.Now));
                break;
            case 3:
                participant?.Up.Close(Meeting.Now);
                break;
            default:
                participant?.Leave();
                break;
        }
    }

    /// <summary>Breaks a participant's signaling or resumes it. Only a participant that has been connected can resume.</summary>
    private static void BreakOrResume(TestParticipant? participant)
    {
        if (participant is null || participant.Remote!.Snapshot().State != ParticipantState.Active)
            return;
        if (participant.HasSignal)
            participant.CutSignal();
        else
            participant.Resume();
    }

    private TrackSettings AnySettings() => _random.Next(5) switch
    {
        0 => TrackSettings.Default with { Disabled = true },
        1 => TrackSettings.Default with { Width = 640, Height = 360 },
        2 => TrackSettings.Default with { FramesPerSecond = 8 * _random.Next(1, 4) },
        _ => TrackSettings.Default with { Quality = (VideoQuality)_random.Next(3) },
    };

    private TestParticipant? Any(IEnumerable<TestParticipant> participants)
    {
        TestParticipant[] all = [.. participants];
        return all.Length == 0 ? null : all[_random.Next(all.Length)];
    }

    private TestSource? AnySource(IEnumerable<TestParticipant> publishers)
    {
        TestSource[] all = [.. publishers.SelectMany(publisher => publisher.Sources)];
        return all.Length == 0 ? null : all[_random.Next(all.Length)];
    }
}
