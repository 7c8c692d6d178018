using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;

namespace MediaGateway.Rtc.Tests.Sctp;

/// <summary>The receiving half against a remote that sends what it likes.</summary>
public sealed class SctpReceivingTests
{
    [Fact]
    public void Single_packet_is_acknowledged_late_and_every_second_at_once()
    {
        ScriptedPeer remote = Opened();
        remote.Receive(remote.Data(1, "BE", [1], sequence: 1));
        Assert.Empty(remote.TakeSent(SctpChunkType.Sack));
        remote.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(remote.InitialTsn + 1, CumulativeOf(Assert.Single(remote.TakeSent(SctpChunkType.Sack))));
        remote.Receive(remote.Data(2, "BE", [1], sequence: 2));
        remote.Receive(remote.Data(3, "BE", [1], sequence: 3));
        Assert.Equal(remote.InitialTsn + 3, CumulativeOf(Assert.Single(remote.TakeSent(SctpChunkType.Sack))));
        remote.Receive(remote.Data(4, "BEI", [1], sequence: 4));
        Assert.Single(remote.TakeSent(SctpChunkType.Sack));
    }

    [Fact]
    public void Gaps_and_duplicates_are_told_at_once()
    {
        ScriptedPeer remote = Opened();
        remote.Receive(remote.Data(3, "BE", [1], sequence: 3));
        byte[] sack = Assert.Single(remote.TakeSent(SctpChunkType.Sack));
        Assert.True(SackChunk.TryParse(sack, out SackChunk parsed));
        Assert.Equal((remote.InitialTsn, 1, (3, 3)), (parsed.Cumulative, parsed.GapBlockCount, parsed.GapBlock(0)));

        remote.Receive(remote.Data(3, "BE", [1], sequence: 3));
        sack = Assert.Single(remote.TakeSent(SctpChunkType.Sack));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16BigEndian(sack.AsSpan(10)));
        Assert.Equal((remote.InitialTsn + 3).Value, BinaryPrimitives.ReadUInt32BigEndian(sack.AsSpan(16)));
    }

    [Fact]
    public void Fragments_in_any_order_make_the_message()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            ScriptedPeer remote = Opened(initialTsn: uint.MaxValue - 3);
            int count = random.Next(2, 12);
            byte[] expected = [.. Enumerable.Range(0, count).Select(i => (byte)i)];
            (SctpChunkType, byte, byte[])[] chunks = [.. Enumerable.Range(0, count)
                .Select(i => remote.Data(1 + i, i == 0 ? "B" : i == count - 1 ? "E" : "", [(byte)i], sequence: 1))];
            random.Shuffle(chunks);
            foreach ((SctpChunkType, byte, byte[]) chunk in chunks)
            {
                Assert.Empty(remote.Peer.Messages);
                remote.Receive(chunk);
            }
            Assert.Equal(expected, Assert.Single(remote.Peer.Messages).Data);
            Assert.Equal(0, remote.Association.HeldBytes);
        }
    }

    [Fact]
    public void Stream_sequence_numbers_wrap()
    {
        ScriptedPeer remote = Opened();
        for (int i = 1; i < 70_000; i++)
            remote.Receive(remote.Data(i, "BE", [(byte)i], sequence: (ushort)i));
        Assert.Equal(69_999, remote.Peer.Messages.Count);
        Assert.Equal(Enumerable.Range(1, 69_999).Select(i => (byte)i), remote.Peer.Messages.Select(message => message.Data[0]));
    }

    [Fact]
    public void Window_shrinks_by_what_is_held_and_opens_again()
    {
        ScriptedPeer remote = Opened();
        remote.TakeSent();
        for (int i = 0; i < 100; i++)
            remote.Receive(remote.Data(2 + i, "BE", new byte[1000], sequence: (ushort)(2 + i)));
        uint window = WindowOf(remote.TakeSent(SctpChunkType.Sack)[^1]);
        Assert.Equal((1 << 20) - 100 * (1000 + HeldChunks.CostPerChunk), (int)window);
        remote.Receive(remote.Data(1, "BE", [1], sequence: 1));
        Assert.Equal(1u << 20, WindowOf(Assert.Single(remote.TakeSent(SctpChunkType.Sack))));
        Assert.Equal(101, remote.Peer.Messages.Count);
    }

    [Fact]
    public void Data_beyond_the_window_is_dropped_but_the_missing_piece_is_not()
    {
        ScriptedPeer remote = Opened(options => options with { ReceiveWindow = 300_000 });
        int taken = 0;
        while (remote.Receive(remote.Data(2 + taken, "BE", new byte[1100], sequence: (ushort)(2 + taken))) == DropReason.None)
            taken++;
        Assert.InRange(remote.Association.HeldBytes, 290_000, 300_000);
        Assert.Equal(DropReason.SctpWindowExceeded, remote.Receive(remote.Data(3 + taken, "BE", new byte[1100])));
        Assert.Equal(DropReason.None, remote.Receive(remote.Data(1, "BE", new byte[1100], sequence: 1)));
        Assert.Equal(taken + 1, remote.Peer.Messages.Count);
    }

    [Fact]
    public void Messages_whose_turn_never_comes_are_bounded()
    {
        ScriptedPeer remote = Opened();
        for (int i = 1; i < 30_000; i++)
            remote.Receive(remote.Data(i, "BE", new byte[100], sequence: 2));
        Assert.InRange(remote.Association.HeldBytes, 1, (1 << 20) + 262_144);
    }

    [Fact]
    public void Message_longer_than_agreed_ends_the_association()
    {
        ScriptedPeer remote = Opened();
        for (int i = 1; i < 400 && !remote.Association.HasEnded; i++)
            remote.Receive(remote.Data(i, i == 1 ? "B" : "", new byte[1100], sequence: 1));
        Assert.Equal(SctpEndReason.ProtocolViolation, remote.Peer.Ended);
        Assert.Single(remote.TakeSent(SctpChunkType.Abort));
        Assert.Equal(0, remote.Association.HeldBytes);
    }

    [Fact]
    public void Fragments_that_can_never_be_completed_are_forgotten()
    {
        ScriptedPeer remote = Opened();
        for (int i = 1; i < 5000; i++)
            remote.Receive(remote.Data(i, (i % 3) switch { 0 => "B", 1 => "", _ => "E" }, [1], sequence: (ushort)i));
        Assert.InRange(remote.Association.HeldBytes, 0, 200);
    }

    [Fact]
    public void Data_without_a_byte_ends_the_association()
    {
        ScriptedPeer remote = Opened();
        Assert.Equal(DropReason.SctpMalformed, remote.Receive(remote.Data(1, "BE", [])));
        Assert.Equal(SctpEndReason.ProtocolViolation, remote.Peer.Ended);
    }

    [Fact]
    public void Forward_tsn_skips_what_is_missing_and_delivers_what_waited()
    {
        ScriptedPeer remote = Opened();
        remote.Receive(remote.Data(1, "B", [1], sequence: 1));
        remote.Receive(remote.Data(4, "BE", [4], sequence: 3));
        remote.Receive(remote.Data(5, "BE", [5], stream: 9, sequence: 3));
        Assert.Empty(remote.Peer.Messages);
        byte[] forward = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(forward, (remote.InitialTsn + 3).Value);
        BinaryPrimitives.WriteUInt16BigEndian(forward.AsSpan(6), 2);
        remote.TakeSent();
        remote.Receive((SctpChunkType.ForwardTsn, 0, forward));

        Assert.Equal([4], Assert.Single(remote.Peer.Messages).Data);
        Assert.Equal(remote.InitialTsn + 5, CumulativeOf(Assert.Single(remote.TakeSent(SctpChunkType.Sack))));
    }

    [Fact]
    public void Forward_tsn_far_ahead_costs_no_time()
    {
        ScriptedPeer remote = Opened();
        byte[] forward = new byte[4];
        for (int i = 0; i < 2000; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(forward, remote.InitialTsn.Value + (uint)(i + 1) * 0x7000_0000u);
            remote.Receive((SctpChunkType.ForwardTsn, 0, forward));
        }
        Assert.True(remote.Association.IsUp);
    }

    [Fact]
    public void Reset_waits_for_what_was_sent_before_it()
    {
        ScriptedPeer remote = Opened();
        uint sequence = remote.InitialTsn.Value;
        remote.TakeSent();
        remote.Receive((SctpChunkType.Reconfig, 0, ScriptedPeer.OutgoingReset(sequence, remote.InitialTsn + 1, 0)));
        Assert.Equal(ReconfigResult.InProgress, ResultOf(remote.TakeSent(SctpChunkType.Reconfig)[0]));
        Assert.Equal(DataChannelState.Open, remote.Peer.Opened[0].State);

        remote.Receive(remote.Data(1, "BE", [1], sequence: 1));
        Assert.Single(remote.Peer.Messages);
        List<byte[]> answers = remote.TakeSent(SctpChunkType.Reconfig);
        Assert.Equal(ReconfigResult.Performed, ResultOf(answers[0]));
        Assert.Equal(DataChannelState.Closing, remote.Peer.Opened[0].State);
        Assert.Equal((ushort)SctpParameterType.OutgoingReset, BinaryPrimitives.ReadUInt16BigEndian(answers[1]));
        remote.Receive((SctpChunkType.Reconfig, 0, ScriptedPeer.OutgoingReset(sequence, remote.InitialTsn + 1, 0)));
        Assert.Equal(ReconfigResult.Performed, ResultOf(remote.TakeSent(SctpChunkType.Reconfig)[0]));
    }

    [Fact]
    public void Channels_are_opened_once_and_within_the_limit_of_streams()
    {
        ScriptedPeer remote = Opened();
        remote.Receive(remote.Open(1, stream: 0, sequence: 1), remote.Open(2, stream: 5000));
        Assert.Equal([0], remote.Peer.Opened.Select(channel => (int)channel.StreamId));
    }

    /// <summary>aiortc and werift take ids by their ICE role, whatever their DTLS role.</summary>
    [Fact]
    public void Channel_on_a_free_stream_of_ours_is_opened_and_ours_take_others()
    {
        ScriptedPeer remote = Opened();
        remote.Receive(remote.Open(1, stream: 1));
        Assert.Equal([0, 1], remote.Peer.Opened.Select(channel => (int)channel.StreamId));
        Assert.Equal(3, remote.Peer.Association.TryOpenChannel(new DataChannelParameters { Label = "ours" }, remote.Now)!.StreamId);
    }

    private static ScriptedPeer Opened(Func<SctpOptions, SctpOptions>? options = null, uint initialTsn = 1000)
    {
        ScriptedPeer remote = new ScriptedPeer(initialTsn, options).Connect();
        remote.Receive(remote.Open(0, 0));
        Assert.Single(remote.Peer.Opened);
        remote.Advance(TimeSpan.FromMilliseconds(100));
        byte[] ack = Assert.Single(remote.TakeSent(SctpChunkType.Data));
        remote.Receive(ScriptedPeer.Sack(new Tsn(BinaryPrimitives.ReadUInt32BigEndian(ack)), 1 << 20));
        return remote;
    }

    private static Tsn CumulativeOf(byte[] sack) => new(BinaryPrimitives.ReadUInt32BigEndian(sack));

    private static uint WindowOf(byte[] sack) => BinaryPrimitives.ReadUInt32BigEndian(sack.AsSpan(4));

    private static ReconfigResult ResultOf(byte[] reconfig)
    {
        Assert.Equal((ushort)SctpParameterType.ReconfigResponse, BinaryPrimitives.ReadUInt16BigEndian(reconfig));
        return (ReconfigResult)BinaryPrimitives.ReadUInt32BigEndian(reconfig.AsSpan(8));
    }
}
