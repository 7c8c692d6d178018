using System.Buffers.Binary;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Sctp;

namespace MediaGateway.Rtc.Tests.Sctp;

/// <summary>RFC 3758: messages may be lost, but what arrives is whole, once, in order where promised, and nothing stalls.</summary>
public sealed class PartialReliabilityTests
{
    public static TheoryData<int, bool, bool> Channels
    {
        get
        {
            var data = new TheoryData<int, bool, bool>();
            for (int seed = 1; seed <= 6; seed++)
            {
                foreach (bool ordered in (bool[])[true, false])
                    data.Add(seed, ordered, seed % 2 == 0);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Channel_loses_but_never_stalls(int seed, bool ordered, bool byLifetime)
    {
        var conditions = new LinkConditions
        { Loss = 0.15, Duplication = 0.02, Delay = TimeSpan.FromMilliseconds(30), Jitter = TimeSpan.FromMilliseconds(10) };
        var link = new SctpLink(seed, conditions).Connect();
        DataChannel channel = link.Client.Association.TryOpenChannel(
            new DataChannelParameters
            {
                Label = "lossy",
                IsOrdered = ordered,
                MaxRetransmits = byLifetime ? null : 0,
                MaxLifetime = byLifetime ? TimeSpan.FromMilliseconds(60) : null,
            },
            link.Now)!;
        var random = new Random(seed);
        const int Count = 600;
        for (uint i = 0; i < Count; i++)
        {
            byte[] message = new byte[random.Next(8) == 0 ? random.Next(1200, 8000) : random.Next(8, 400)];
            BinaryPrimitives.WriteUInt32BigEndian(message, i);
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), message.Length);
            Assert.Equal(SendResult.Buffered, link.Client.Association.Send(channel, DataMessageKind.Binary, message, link.Now));
            link.Run(TimeSpan.FromMilliseconds(10));
        }
        link.Conditions = conditions with { Loss = 0 };
        link.Run(TimeSpan.FromSeconds(40));
        int before = link.Server.Messages.Count;
        link.Client.Association.Send(channel, DataMessageKind.Text, "last"u8, link.Now);
        link.Run(TimeSpan.FromSeconds(1));

        uint[] numbers = [.. link.Server.Messages.SkipLast(1).Select(message => NumberOf(message.Data))];
        Assert.Equal("last"u8.ToArray(), link.Server.Messages[^1].Data);
        Assert.Equal(before + 1, link.Server.Messages.Count);
        Assert.InRange(numbers.Length, Count * 4 / 10, Count - 10);
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        if (ordered)
            Assert.Equal(numbers.Order(), numbers);
        Assert.Equal((0, 0), (link.Client.Association.BufferedBytes, link.Server.Association.HeldBytes));
        Assert.True(link.Client.Association.NextDeadline.IsNever && link.Server.Association.NextDeadline.IsNever);
    }

    [Fact]
    public void Message_that_expires_before_it_can_leave_is_not_sent()
    {
        var link = new SctpLink(1).Connect();
        DataChannel channel = ReliableChannelTests.Open(link, link.Client, "x");
        DataChannel brief = link.Client.Association.TryOpenChannel(
            new DataChannelParameters { Label = "brief", MaxLifetime = TimeSpan.FromMilliseconds(20) }, link.Now)!;
        link.Run(TimeSpan.FromSeconds(1));
        link.Loses = (to, _) => to == link.Server;
        link.Client.Association.Send(channel, DataMessageKind.Binary, new byte[100_000], link.Now);
        link.Client.Association.Send(brief, DataMessageKind.Text, "late"u8, link.Now);
        link.Run(TimeSpan.FromMilliseconds(100));
        link.Loses = null;
        link.Run(TimeSpan.FromSeconds(30));
        link.Client.Association.Send(brief, DataMessageKind.Text, "in time"u8, link.Now);
        link.Run(TimeSpan.FromSeconds(1));

        Assert.Equal([100_000, 7], link.Server.Messages.Select(message => message.Data.Length));
    }

    private static uint NumberOf(byte[] message)
    {
        Assert.Equal(message.Length, BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(4)));
        return BinaryPrimitives.ReadUInt32BigEndian(message);
    }
}
