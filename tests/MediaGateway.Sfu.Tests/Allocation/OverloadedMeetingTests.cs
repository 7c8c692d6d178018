using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>A meeting that is more than its worker can carry: what goes first, what stays, and how it comes back.</summary>
public sealed class OverloadedMeetingTests
{
    [Fact]
    public void Twice_the_capacity_costs_layers_of_those_who_are_silent_and_passes()
    {
        using var scenario = new OverloadedMeeting(seed: 1);
        scenario.Offer(0.6);
        scenario.Run(5);
        Assert.Equal(0, scenario.Level);
        scenario.Offer(2);
        double began = scenario.History.Seconds;
        scenario.Run(6);
        scenario.Mark();
        scenario.Run(54);

        Assert.InRange(scenario.History.BusyFrom(began + 6), 0.5, 0.95);
        Assert.InRange(scenario.History.LongestDelayFrom(began + 6).TotalMilliseconds, 0, 100);
        Assert.True(scenario.History.Changes.Count is >= 1 and <= 13, scenario.History.ToString());
        Assert.All(new[] { scenario.Voice, scenario.Screen, scenario.SpeakerCamera }, source =>
            Assert.True(scenario.LeastShareOf(source) > 0.98));
        Assert.All(scenario.Listeners, listener =>
            Assert.Equal(OverloadedMeeting.High, OverloadedMeeting.EncodingOf(listener, scenario.SpeakerCamera)));
        Assert.All(scenario.Others, camera => Assert.Equal(0, OverloadedMeeting.EncodingOf(scenario.Watcher, camera)));
        Assert.InRange(scenario.MeanShareOf(scenario.Others), 0.2, 0.9);
        Assert.Empty(scenario.Watcher.Heard<RoomNotification.StreamStatesChanged>());
        scenario.AssertNothingLost();

        scenario.Offer(0.6);
        scenario.Run(12);
        Assert.Equal(0, scenario.Level);
        scenario.Mark();
        scenario.Run(3);
        foreach (TestSource camera in scenario.Others)
        {
            Assert.Equal(OverloadedMeeting.High, OverloadedMeeting.EncodingOf(scenario.Watcher, camera));
            Assert.True(scenario.LeastShareOf(camera) > 0.9);
        }
        scenario.AssertNothingLost();
    }

    [Fact]
    public void Load_that_grows_takes_the_silent_first_then_the_speaker_then_the_screen_and_never_the_voice()
    {
        using var scenario = new OverloadedMeeting(seed: 2);
        var shares = new List<(double Load, double Others, double Speaker, double Screen)>();
        for (double load = 1; load < 9; load *= 1.3)
        {
            scenario.Offer(load);
            scenario.Run(4);
            scenario.Mark();
            scenario.Run(3);
            Assert.True(scenario.History.BusyFrom(scenario.History.Seconds - 3) > 0.4);
            Assert.InRange(scenario.History.LongestDelayFrom(scenario.History.Seconds - 3).TotalMilliseconds, 0, 100);
            Assert.True(scenario.LeastShareOf(scenario.Voice) > 0.97);
            shares.Add((load, scenario.MeanShareOf(scenario.Others), scenario.LeastShareOf(scenario.SpeakerCamera),
                scenario.LeastShareOf(scenario.Screen)));
        }
        string table = string.Join('\n', shares);
        int others = shares.FindIndex(share => share.Others < 0.9), speaker = shares.FindIndex(share => share.Speaker < 0.9),
            screen = shares.FindIndex(share => share.Screen < 0.9);
        Assert.True(others > 0 && others < speaker && speaker < screen, table);
        Assert.All(shares, share => Assert.True(share.Others <= share.Speaker + 0.1 && share.Speaker <= share.Screen + 0.1, table));
        Assert.Equal(0, Math.Round(shares[^1].Speaker, 1));
        Assert.InRange(shares[^1].Screen, 0, 0.5);
        scenario.AssertNothingLost();

        scenario.Offer(0.5);
        scenario.Run(40);
        Assert.Equal(0, scenario.Level);
        scenario.Mark();
        scenario.Run(2);
        Assert.All(scenario.Others.Concat([scenario.Voice, scenario.Screen, scenario.SpeakerCamera]), source =>
            Assert.True(scenario.LeastShareOf(source) > 0.9));
        scenario.AssertNothingLost();
    }

    [Fact]
    public void Clients_are_told_which_tracks_are_paused_and_which_come_back()
    {
        using var scenario = new OverloadedMeeting(seed: 3);
        TestParticipant watcher = scenario.Watcher;
        scenario.Offer(7);
        scenario.Run(6);
        StreamStateInfo[] told = [.. Told(watcher)];
        Assert.All(told, state => Assert.True(state.Paused));
        // Each once, and those that nothing comes of.
        TrackSid[] paused = [.. scenario.Others.Select(camera => camera.Sid!.Value).Where(sid => told.Any(state => state.Track == sid))];
        Assert.Equal(4, paused.Length);
        Assert.Equal(told.Length, told.Select(state => state.Track).Distinct().Count());
        Assert.All(scenario.Others, camera => Assert.Contains(told, state => state.Publisher == camera.Publisher.Remote!.Sid));
        scenario.Mark();
        scenario.Run(2);
        Assert.Equal(0, scenario.MeanShareOf(scenario.Others));

        // What it heard may have been lost with its signaling.
        int heard = Told(watcher).Count();
        watcher.Resume();
        scenario.Run(1);
        Assert.Equal(told.Select(state => state.Track).Order(TrackOrder),
            Told(watcher).Skip(heard).Select(state => state.Track).Order(TrackOrder));
        Assert.All(Told(watcher).Skip(heard), state => Assert.True(state.Paused));

        scenario.Offer(0.5);
        scenario.Run(30);
        heard += told.Length;
        Assert.Equal(told.Select(state => state.Track).Order(TrackOrder),
            Told(watcher).Skip(heard).Select(state => state.Track).Order(TrackOrder));
        Assert.All(Told(watcher).Skip(heard), state => Assert.False(state.Paused));
    }

    [Fact]
    public void Who_begins_to_speak_is_seen_again()
    {
        using var scenario = new OverloadedMeeting(seed: 4);
        TestSource camera = scenario.Others[1];
        TestSource voice = camera.Publisher.Publish(MediaKind.Audio);
        scenario.Offer(2.3);
        scenario.Run(8);
        scenario.Mark();
        scenario.Run(2);
        Assert.True(scenario.MeanShareOf([camera]) < 0.5);
        voice.Decibels = 20;
        scenario.Run(4);
        scenario.Mark();
        scenario.Run(4);
        Assert.True(scenario.LeastShareOf(camera) > 0.9, $"{scenario.LeastShareOf(camera)}");
        scenario.AssertNothingLost();
    }

    [Fact]
    public void Subscriber_says_what_it_would_miss_most_and_least()
    {
        using var scenario = new OverloadedMeeting(seed: 5);
        TestParticipant watcher = scenario.Watcher;
        watcher.Want(scenario.Others[0].Sid!.Value, TrackSettings.Default with { Priority = 1 });
        watcher.Want(scenario.Others[1].Sid!.Value, TrackSettings.Default with { Priority = 2 });
        scenario.Run(1);
        scenario.Offer(2);
        scenario.Run(6);
        scenario.Mark();
        scenario.Run(3);
        Assert.InRange(scenario.Level, 1, 5);
        Assert.Equal((OverloadedMeeting.High, 0),
            (OverloadedMeeting.EncodingOf(watcher, scenario.Others[0]), OverloadedMeeting.EncodingOf(watcher, scenario.Others[1])));
        Assert.True(scenario.ShareOf(watcher, scenario.Others[0]) > 0.9);
        Assert.True(scenario.ShareOf(watcher, scenario.Others[1]) < 0.7);
    }

    private static readonly Comparer<TrackSid> TrackOrder = Comparer<TrackSid>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value));

    private static IEnumerable<StreamStateInfo> Told(TestParticipant participant) =>
        participant.Heard<RoomNotification.StreamStatesChanged>().SelectMany(changed => changed.Streams);
}
