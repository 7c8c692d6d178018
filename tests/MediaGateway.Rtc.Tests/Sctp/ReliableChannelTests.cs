using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Sctp;

namespace MediaGateway.Rtc.Tests.Sctp;

/// <summary>Tests of the promises of a reliable channel over links that lose, reorder and duplicate.</summary>
public sealed class ReliableChannelTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    public static TheoryData<int, double, int> Links
    {
        get
        {
            var data = new TheoryData<int, double, int>();
            for (int seed = 1; seed <= 12; seed++)
                data.Add(seed, seed % 5 * 0.05, 5 + seed * 8);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void Ordered_messages_arrive_once_in_order_and_whole(int seed, double loss, int delay)
    {
        var link = new SctpLink(seed, Conditions(loss, delay)).Connect();
        byte[][] sent = Messages(seed, 150);
        SendAll(link, link.Client, new DataChannelParameters { Label = "ordered" }, sent);

        Assert.True(link.RunUntil(() => link.Server.Messages.Count >= sent.Length, Limit),
            $"{link.Server.Messages.Count} of {sent.Length}");
        link.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(sent, link.Server.Messages.Select(message => message.Data));
        AssertIdle(link);
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void Unordered_messages_arrive_once_and_whole(int seed, double loss, int delay)
    {
        var link = new SctpLink(seed, Conditions(loss, delay)).Connect();
        byte[][] sent = Messages(seed, 150);
        SendAll(link, link.Server, new DataChannelParameters { Label = "unordered", IsOrdered = false }, sent);

        Assert.True(link.RunUntil(() => link.Client.Messages.Count >= sent.Length, Limit),
            $"{link.Client.Messages.Count} of {sent.Length}");
        link.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(Sorted(sent), Sorted(link.Client.Messages.Select(message => message.Data)));
        AssertIdle(link);
    }

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.2)]
    public void Channels_in_both_directions_do_not_mix(int seed, double loss)
    {
        var link = new SctpLink(seed, Conditions(loss, 30)).Connect();
        byte[][][] sent = [.. Enumerable.Range(0, 6).Select(i => Messages(seed * 10 + i, 60))];
        for (int i = 0; i < sent.Length; i++)
            SendAll(link, i % 2 == 0 ? link.Client : link.Server, new DataChannelParameters { Label = $"{i}" }, sent[i]);

        Assert.True(link.RunUntil(() => link.Server.Messages.Count + link.Client.Messages.Count >= 6 * 60, Limit));

        for (int i = 0; i < sent.Length; i++)
        {
            SctpPeer receiver = i % 2 == 0 ? link.Server : link.Client;
            Assert.Equal(sent[i], receiver.Messages.Where(message => message.Channel.Label == $"{i}").Select(message => message.Data));
        }
    }

    [Fact]
    public void Kind_and_emptiness_of_messages_survive()
    {
        var link = new SctpLink(1).Connect();
        DataChannel channel = link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = "x" }, link.Now)!;
        link.Client.Association.Send(channel, DataMessageKind.Text, "hé"u8, link.Now);
        link.Client.Association.Send(channel, DataMessageKind.Text, [], link.Now);
        link.Client.Association.Send(channel, DataMessageKind.Binary, [], link.Now);
        link.Client.Association.Send(channel, DataMessageKind.Binary, [0], link.Now);
        link.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(
            [(DataMessageKind.Text, "68C3A9"), (DataMessageKind.Text, ""), (DataMessageKind.Binary, ""), (DataMessageKind.Binary, "00")],
            link.Server.Messages.Select(message => (message.Kind, Convert.ToHexString(message.Data))));
    }

    [Fact]
    public void Gap_in_one_stream_does_not_hold_up_another()
    {
        var link = new SctpLink(1).Connect();
        DataChannel lossy = Open(link, link.Client, "lossy"), other = Open(link, link.Client, "other");
        link.Loses = (_, packet) => packet.Length > 500;
        link.Client.Association.Send(lossy, DataMessageKind.Binary, new byte[600], link.Now);
        link.Client.Association.Send(other, DataMessageKind.Text, "first"u8, link.Now);
        link.Client.Association.Send(lossy, DataMessageKind.Text, "second"u8, link.Now);
        link.Run(TimeSpan.FromMilliseconds(50));

        Assert.Equal(["other"], link.Server.Messages.Select(message => message.Channel.Label));

        link.Loses = null;
        link.Run(TimeSpan.FromSeconds(2));
        Assert.Equal([600, 6],
            link.Server.Messages.Where(message => message.Channel.Label == "lossy").Select(message => message.Data.Length));
    }

    [Fact]
    public void Echo_from_inside_the_callback_comes_back()
    {
        var link = new SctpLink(3, Conditions(0.1, 20)).Connect();
        link.Server.OnReceived = (channel, kind, message, now) =>
            Assert.Equal(SendResult.Buffered, channel.Association.Send(channel, kind, message, now));
        byte[][] sent = Messages(3, 100);
        SendAll(link, link.Client, new DataChannelParameters { Label = "echo" }, sent);

        Assert.True(link.RunUntil(() => link.Client.Messages.Count >= sent.Length, Limit));
        Assert.Equal(sent, link.Client.Messages.Select(message => message.Data));
    }

    internal static DataChannel Open(SctpLink link, SctpPeer peer, string label)
    {
        DataChannel channel = peer.Association.TryOpenChannel(new DataChannelParameters { Label = label }, link.Now)!;
        link.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(DataChannelState.Open, channel.State);
        return channel;
    }

    /// <summary>Small ones and large ones, each different.</summary>
    internal static byte[][] Messages(int seed, int count)
    {
        var random = new Random(seed);
        byte[][] messages = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            messages[i] = new byte[random.Next(10) == 0 ? random.Next(1, 60_000) : random.Next(1, 1500)];
            random.NextBytes(messages[i]);
        }
        return messages;
    }

    private static LinkConditions Conditions(double loss, int delay) => new()
    {
        Loss = loss,
        Duplication = 0.02,
        Delay = TimeSpan.FromMilliseconds(delay),
        Jitter = TimeSpan.FromMilliseconds(delay * 0.5),
    };

    private static void SendAll(SctpLink link, SctpPeer from, DataChannelParameters parameters, byte[][] messages)
    {
        DataChannel channel = from.Association.TryOpenChannel(parameters, link.Now)!;
        foreach (byte[] message in messages)
        {
            SendResult result;
            while ((result = from.Association.Send(channel, DataMessageKind.Binary, message, link.Now)) == SendResult.BufferFull)
                link.Run(TimeSpan.FromMilliseconds(100));
            Assert.Equal(SendResult.Buffered, result);
        }
    }

    private static void AssertIdle(SctpLink link)
    {
        foreach (SctpPeer peer in (SctpPeer[])[link.Client, link.Server])
        {
            Assert.Equal(0, peer.Association.BufferedBytes);
            Assert.Equal(0, peer.Association.HeldBytes);
            Assert.True(peer.Association.NextDeadline.IsNever);
            Assert.Null(peer.Ended);
        }
    }

    private static IEnumerable<string> Sorted(IEnumerable<byte[]> messages) =>
        messages.Select(Convert.ToHexString).Order(StringComparer.Ordinal);
}
