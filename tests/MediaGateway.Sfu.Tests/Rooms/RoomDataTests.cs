using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Data from one participant to the others.</summary>
public sealed class RoomDataTests
{
    private static readonly LinkConditions Lossy = new()
    { Loss = 0.05, Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(10) };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Packets_reach_everybody_else_with_their_senders_name(bool isReliable)
    {
        using var meeting = new TestMeeting(seed: 1);
        (TestParticipant a, TestParticipant b, TestParticipant c) = Three(meeting);

        a.SendPacket("hello", isReliable);
        meeting.Expect(() => b.Data.Count == 1 && c.Data.Count == 1);
        meeting.RunSoundly(0.2);

        Assert.Empty(a.Data);
        Assert.All([b.Data[0], c.Data[0]], data => Assert.Equal(("a", isReliable ? 1u : 0u), (data.From, data.Sequence)));
        Assert.Contains("hello", b.Data[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Packet_for_one_reaches_that_one()
    {
        using var meeting = new TestMeeting(seed: 2);
        (TestParticipant a, TestParticipant b, TestParticipant c) = Three(meeting);

        a.SendPacket("psst", isReliable: true, "c");
        meeting.Expect(() => c.Data.Count == 1);
        meeting.RunSoundly(0.2);

        Assert.Empty(b.Data);
    }

    [Fact]
    public void Messages_of_a_pages_channel_reach_the_others_channel_of_that_label()
    {
        using var meeting = new TestMeeting(seed: 3);
        (TestParticipant a, TestParticipant b, TestParticipant c) = Three(meeting);

        a.SendMessage("chat", "one");
        meeting.Expect(() => b.Data.Count == 1 && c.Data.Count == 1);
        b.SendMessage("chat", "two");
        meeting.Expect(() => a.Data.Count == 1 && c.Data.Count == 2);

        Assert.Equal(["one", "two"], c.Data.Select(data => data.Text));
        Assert.Equal("chat", a.Data[0].Label);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Channels_opened_for_others_close_with_the_last_of_their_label(bool leaves)
    {
        using var meeting = new TestMeeting(seed: 8);
        (TestParticipant a, TestParticipant b, TestParticipant c) = Three(meeting);
        a.SendMessage("chat", "one");
        meeting.Expect(() => b.Data.Count == 1 && c.Data.Count == 1);
        b.SendMessage("chat", "two");
        meeting.Expect(() => c.Data.Count == 2);
        a.CloseChannel("chat");
        meeting.RunSoundly(0.5);
        Assert.DoesNotContain("chat", c.ClosedChannels);

        if (leaves)
            b.Leave();
        else
            b.CloseChannel("chat");

        meeting.Expect(() => c.ClosedChannels.Contains("chat"));
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Who_may_not_send_data_is_not_heard()
    {
        using var meeting = new TestMeeting(seed: 4);
        (TestParticipant a, TestParticipant b, _) = Three(meeting);
        a.Permit(new ParticipantPermissions { CanPublishData = false });
        a.SendPacket("no");
        a.SendMessage("chat", "no");
        meeting.RunSoundly(0.5);
        Assert.Empty(b.Data);

        a.Permit(new ParticipantPermissions());
        a.SendPacket("yes");

        meeting.Expect(() => b.Data.Count == 1);
    }

    [Fact]
    public void Hidden_sender_has_no_name()
    {
        using var meeting = new TestMeeting(seed: 5);
        (TestParticipant a, TestParticipant b, _) = Three(meeting);
        a.Permit(new ParticipantPermissions { Hidden = true });

        a.SendPacket("boo");
        meeting.Expect(() => b.Data.Count == 1);

        Assert.Equal("", b.Data[0].From);
    }

    [Fact]
    public void Over_lossy_links_reliable_packets_come_all_and_in_order()
    {
        using var meeting = new TestMeeting(seed: 6, Lossy);
        (TestParticipant a, TestParticipant b, TestParticipant c) = Three(meeting);
        for (int i = 0; i < 100; i++)
        {
            a.SendPacket($"<{i}>");
            b.SendPacket($"<{i}>", isReliable: false);
            meeting.RunSoundly(0.02);
        }

        meeting.Expect(() => b.Data.Count(data => data.From == "a") == 100 && c.Data.Count(data => data.From == "a") == 100, limit: 10);
        string[] expected = [.. Enumerable.Range(0, 100).Select(i => $"<{i}>")];
        Assert.Equal(expected, c.Data.Where(data => data.From == "a").Select(data =>
            data.Text[data.Text.IndexOf('<', StringComparison.Ordinal)..(data.Text.IndexOf('>', StringComparison.Ordinal) + 1)]));
        Assert.InRange(c.Data.Count(data => data.From == "b"), 75, 99);
    }

    [Fact]
    public void Receiver_that_takes_nothing_is_put_out_and_holds_up_nobody()
    {
        using var meeting = new TestMeeting(seed: 7);
        (TestParticipant a, TestParticipant b, TestParticipant c) = Three(meeting);
        b.Receiving.Host.Downlink = new LinkConditions { Loss = 1 };
        string large = new('x', 10_000);
        int sent = 0;
        while (!b.Remote!.IsClosed && sent < 2000)
        {
            a.SendPacket(large);
            sent++;
            meeting.RunSoundly(0.01);
        }

        Assert.Equal(DisconnectReason.ConnectionTimeout, b.Remote.CloseReason);
        meeting.Expect(() => c.Data.Count == sent);
        meeting.AssertNothingLeaks();
    }

    private static (TestParticipant A, TestParticipant B, TestParticipant C) Three(TestMeeting meeting)
    {
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b"), c = meeting.Join("c", single: false);
        meeting.Expect(() => a.HasChannels && b.HasChannels && c.HasChannels, limit: 20);
        meeting.RunSoundly(1);
        return (a, b, c);
    }
}
