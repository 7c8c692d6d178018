using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Sctp;

namespace MediaGateway.Rtc.Tests.Sctp;

public sealed class DataChannelTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Opened_channel_appears_at_the_remote_with_its_parameters()
    {
        var link = new SctpLink(1).Connect();
        var parameters = new DataChannelParameters
        { Label = "chat", Protocol = "v1", IsOrdered = false, MaxRetransmits = 3, Priority = 512 };
        DataChannel channel = link.Server.Association.TryOpenChannel(parameters, link.Now)!;
        Assert.Equal(DataChannelState.Connecting, channel.State);
        link.Run(Second);

        Assert.Equal(DataChannelState.Open, channel.State);
        DataChannel remote = Assert.Single(link.Client.Opened);
        Assert.Equal(parameters, remote.Parameters);
        Assert.Equal((channel.StreamId, (ushort)1), (remote.StreamId, remote.StreamId));
        Assert.Empty(link.Server.Opened);
    }

    [Fact]
    public void Channel_and_messages_may_be_handed_over_before_the_association_is_up()
    {
        var link = new SctpLink(1);
        DataChannel channel =
            link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = "early", IsOrdered = false }, link.Now)!;
        link.Client.Association.Send(channel, DataMessageKind.Text, "first"u8, link.Now);
        link.Connect();
        link.Run(Second);

        Assert.Equal("first"u8.ToArray(), Assert.Single(link.Server.Messages).Data);
    }

    [Fact]
    public void Client_opens_even_streams_and_server_odd_ones()
    {
        var link = new SctpLink(1).Connect();
        ushort[] ids = [.. new[] { link.Client, link.Server, link.Client, link.Server }
            .Select(peer => peer.Association.TryOpenChannel(new DataChannelParameters { Label = "x" }, link.Now)!.StreamId)];
        Assert.Equal([0, 1, 2, 3], ids.Select(id => (int)id));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    public void Close_delivers_what_was_sent_then_closes_both_ends_and_frees_the_id(double loss)
    {
        var link = new SctpLink(4, new LinkConditions { Loss = loss }).Connect();
        for (int round = 1; round <= 5; round++)
        {
            DataChannel channel = link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = $"round {round}" }, link.Now)!;
            Assert.Equal(0, channel.StreamId);
            for (int i = 0; i < 20; i++)
                link.Client.Association.Send(channel, DataMessageKind.Binary, new byte[2000], link.Now);
            link.Client.Association.CloseChannel(channel, link.Now);
            Assert.Equal(SendResult.Closed, link.Client.Association.Send(channel, DataMessageKind.Binary, [1], link.Now));

            Assert.True(
                link.RunUntil(() => link.Client.Closed.Count == round && link.Server.Closed.Count == round, TimeSpan.FromMinutes(5)));
            Assert.Equal(DataChannelState.Closed, channel.State);
            Assert.Equal(20 * round, link.Server.Messages.Count);
            Assert.Empty(link.Client.Association.Channels);
            Assert.Empty(link.Server.Association.Channels);
        }
    }

    [Fact]
    public void Both_ends_may_close_at_once()
    {
        var link = new SctpLink(1).Connect();
        DataChannel channel = ReliableChannelTests.Open(link, link.Client, "x");
        link.Client.Association.CloseChannel(channel, link.Now);
        link.Server.Association.CloseChannel(link.Server.Opened[0], link.Now);
        link.Run(TimeSpan.FromSeconds(5));

        Assert.Equal((1, 1), (link.Client.Closed.Count, link.Server.Closed.Count));
        Assert.Equal(0, link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = "again" }, link.Now)!.StreamId);
        link.Run(Second);
        Assert.Equal(2, link.Server.Opened.Count);
    }

    [Fact]
    public void Channel_can_be_closed_from_inside_its_callbacks()
    {
        var link = new SctpLink(1).Connect();
        link.Server.OnOpened = (channel, now) => channel.Association.CloseChannel(channel, now);
        link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = "unwelcome" }, link.Now);
        link.Run(TimeSpan.FromSeconds(3));
        Assert.Equal((1, 1), (link.Client.Closed.Count, link.Server.Closed.Count));
    }

    [Fact]
    public void Association_can_be_closed_from_inside_a_message()
    {
        var link = new SctpLink(1).Connect();
        DataChannel channel = ReliableChannelTests.Open(link, link.Client, "x");
        link.Server.OnReceived = (received, _, _, now) => received.Association.Close(now);
        for (int i = 0; i < 10; i++)
            link.Client.Association.Send(channel, DataMessageKind.Binary, new byte[3000], link.Now);
        link.Run(Second);

        Assert.True(link.Server.Association.HasEnded);
        Assert.Equal(SctpEndReason.ClosedByPeer, link.Client.Ended);
        Assert.Equal([channel], link.Client.Closed);
        Assert.Equal(0, link.Client.Association.BufferedBytes + link.Server.Association.HeldBytes);
    }

    [Fact]
    public void Streams_run_out_and_come_back()
    {
        var link = new SctpLink(1, null, options => options with { MaxStreams = 8 }).Connect();
        DataChannel[] channels = [.. Enumerable.Range(0, 4)
            .Select(_ => link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = "x" }, link.Now)!)];
        Assert.Null(link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = "x" }, link.Now));
        link.Client.Association.CloseChannel(channels[2], link.Now);
        link.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(4, link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = "x" }, link.Now)!.StreamId);
    }

    [Fact]
    public void Channel_beyond_the_remotes_limit_is_refused()
    {
        var link = new SctpLink(1, null, options => options, options => options with { MaxChannels = 2 }).Connect();
        for (int i = 0; i < 4; i++)
            link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = $"{i}" }, link.Now);
        link.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(["0", "1"], link.Server.Opened.Select(channel => channel.Label));
        Assert.Equal(["2", "3"], link.Client.Closed.Select(channel => channel.Label).Order());
    }

    [Fact]
    public void Send_says_why_not()
    {
        var link = new SctpLink(1, null, options => options with { RemoteMaxMessageSize = 1000, SendBufferLimit = 10_000 }).Connect();
        SctpAssociation association = link.Client.Association;
        DataChannel channel = ReliableChannelTests.Open(link, link.Client, "x");
        link.Loses = (_, _) => true;

        Assert.Equal(SendResult.TooLarge, association.Send(channel, DataMessageKind.Binary, new byte[1001], link.Now));
        int taken = 0;
        while (association.Send(channel, DataMessageKind.Binary, new byte[1000], link.Now) == SendResult.Buffered)
            taken++;
        Assert.Equal(9, taken);
        Assert.Equal(SendResult.BufferFull, association.Send(channel, DataMessageKind.Binary, new byte[1000], link.Now));
        Assert.Equal(9000, channel.BufferedAmount);
        association.Close(link.Now);
        Assert.Equal(SendResult.Closed, association.Send(channel, DataMessageKind.Binary, [1], link.Now));
    }

    [Fact]
    public void Drained_channel_is_told_once()
    {
        var link = new SctpLink(1).Connect();
        DataChannel channel = ReliableChannelTests.Open(link, link.Client, "x");
        Assert.Empty(link.Client.Drained);
        channel.BufferedAmountLowThreshold = 5000;
        for (int i = 0; i < 20; i++)
            link.Client.Association.Send(channel, DataMessageKind.Binary, new byte[1000], link.Now);
        link.Run(Second);
        Assert.Equal([channel], link.Client.Drained);
        Assert.Equal(0, channel.BufferedAmount);
    }

    [Fact]
    public void Remote_that_vanishes_ends_the_association()
    {
        var link = new SctpLink(1).Connect();
        DataChannel channel = ReliableChannelTests.Open(link, link.Client, "x");
        link.Loses = (_, _) => true;
        link.Client.Association.Send(channel, DataMessageKind.Binary, [1], link.Now);
        link.Run(TimeSpan.FromMinutes(5));

        Assert.Equal(SctpEndReason.RetransmissionLimit, link.Client.Ended);
        Assert.Equal([channel], link.Client.Closed);
        Assert.Equal(MonotonicTime.Never, link.Client.Association.NextDeadline);
    }
}
