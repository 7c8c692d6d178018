using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;

namespace MediaGateway.Rtc.Tests.Sctp;

/// <summary>The sending half against a remote that acknowledges what it likes.</summary>
public sealed class SctpSendingTests
{
    [Fact]
    public void First_flight_is_ten_packets()
    {
        (ScriptedPeer remote, DataChannel channel) = Opened();
        remote.Association.Send(channel, DataMessageKind.Binary, new byte[60_000], remote.Now);
        Assert.Equal(10, remote.TakeSent().Count);
    }

    [Fact]
    public void Closed_window_is_probed_with_one_chunk_and_never_given_up_while_the_remote_answers()
    {
        (ScriptedPeer remote, DataChannel channel) = Opened(window: 0);
        Tsn last = LastAcknowledged(remote);
        remote.Association.Send(channel, DataMessageKind.Binary, new byte[5000], remote.Now);
        Assert.Single(remote.TakeSent(SctpChunkType.Data));
        for (int i = 0; i < 30; i++)
        {
            remote.Advance(TimeSpan.FromSeconds(10));
            Assert.InRange(remote.TakeSent(SctpChunkType.Data).Count, 1, 40);
            remote.Receive(ScriptedPeer.Sack(last, window: 0));
            remote.TakeSent();
        }
        Assert.True(remote.Association.IsUp);

        remote.Receive(ScriptedPeer.Sack(last + 1, window: 100_000));
        Assert.NotEmpty(remote.TakeSent(SctpChunkType.Data));
    }

    [Fact]
    public void Chunk_reported_missing_three_times_is_sent_again_without_a_timeout()
    {
        (ScriptedPeer remote, DataChannel channel) = Opened();
        Tsn last = LastAcknowledged(remote);
        remote.Association.Send(channel, DataMessageKind.Binary, new byte[11_000], remote.Now);
        Assert.Equal(10, remote.TakeSent(SctpChunkType.Data).Count);
        remote.Receive(ScriptedPeer.Sack(last, 1 << 20, (2, 2)));
        remote.Receive(ScriptedPeer.Sack(last, 1 << 20, (2, 3)));
        Assert.Empty(remote.TakeSent(SctpChunkType.Data));
        remote.Receive(ScriptedPeer.Sack(last, 1 << 20, (2, 4)));
        byte[] again = Assert.Single(remote.TakeSent(SctpChunkType.Data));
        Assert.Equal(last + 1, new Tsn(BinaryPrimitives.ReadUInt32BigEndian(again)));
    }

    [Fact]
    public void Timeout_sends_one_packet_again_and_backs_off()
    {
        (ScriptedPeer remote, DataChannel channel) = Opened();
        remote.Association.Send(channel, DataMessageKind.Binary, new byte[11_000], remote.Now);
        remote.TakeSent();
        TimeSpan first = remote.Association.NextDeadline - remote.Now;
        remote.Advance(first);
        Assert.Single(remote.TakeSent(SctpChunkType.Data));
        Assert.Equal(first * 2, remote.Association.NextDeadline - remote.Now);
    }

    [Fact]
    public void Acknowledgement_that_is_taken_back_makes_the_chunk_outstanding_again()
    {
        (ScriptedPeer remote, DataChannel channel) = Opened();
        Tsn last = LastAcknowledged(remote);
        remote.Association.Send(channel, DataMessageKind.Binary, new byte[3000], remote.Now);
        remote.TakeSent();
        remote.Receive(ScriptedPeer.Sack(last, 1 << 20, (2, 3)));
        remote.Receive(ScriptedPeer.Sack(last, 1 << 20));
        remote.Receive(ScriptedPeer.Sack(last + 1, 1 << 20));
        Assert.NotEqual(0, remote.Association.BufferedBytes);
        remote.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(remote.TakeSent(SctpChunkType.Data));
        remote.Receive(ScriptedPeer.Sack(last + 3, 1 << 20));
        Assert.Equal(0, remote.Association.BufferedBytes);
    }

    [Fact]
    public void Acknowledgement_of_what_was_not_sent_is_malformed()
    {
        (ScriptedPeer remote, DataChannel channel) = Opened();
        Tsn last = LastAcknowledged(remote);
        remote.Association.Send(channel, DataMessageKind.Binary, new byte[3000], remote.Now);
        Assert.Equal(DropReason.SctpMalformed, remote.Receive(ScriptedPeer.Sack(last + 4, 1 << 20)));
        Assert.Equal(DropReason.SctpMalformed, remote.Receive(ScriptedPeer.Sack(last, 1 << 20, (2, 4))));
        Assert.Equal(DropReason.SctpMalformed, remote.Receive(ScriptedPeer.Sack(last, 1 << 20, (3, 2))));
        Assert.Equal(DropReason.SctpMalformed, remote.Receive(ScriptedPeer.Sack(last, 1 << 20, (0, 1))));
        Assert.Equal(DropReason.None, remote.Receive(ScriptedPeer.Sack(last + 3, 1 << 20)));
        Assert.Equal(0, remote.Association.BufferedBytes);
    }

    [Fact]
    public void Fragments_fill_packets_and_never_exceed_them()
    {
        (ScriptedPeer remote, DataChannel channel) = Opened();
        remote.Association.Send(channel, DataMessageKind.Binary, new byte[8000], remote.Now);
        List<byte[]> packets = remote.TakeSent();
        Assert.All(packets, packet => Assert.InRange(packet.Length, 16, new SctpOptions { IsDtlsClient = true }.MaxPacket));
        Assert.Equal(7, packets.Count);
    }

    [Fact]
    public void Small_messages_share_a_packet_when_they_wait()
    {
        (ScriptedPeer remote, DataChannel channel) = Opened(window: 0);
        Tsn last = LastAcknowledged(remote);
        for (int i = 0; i < 11; i++)
            remote.Association.Send(channel, DataMessageKind.Binary, new byte[100], remote.Now);
        Assert.Single(remote.TakeSent());
        remote.Receive(ScriptedPeer.Sack(last + 1, 1 << 20));
        Assert.Single(remote.TakeSent());
    }

    private static (ScriptedPeer Remote, DataChannel Channel) Opened(uint window = 1 << 20)
    {
        ScriptedPeer remote = new ScriptedPeer().Connect();
        DataChannel channel = remote.Association.TryOpenChannel(new DataChannelParameters { Label = "x" }, remote.Now)!;
        remote.LastSent = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(Assert.Single(remote.TakeSent(SctpChunkType.Data))));
        remote.Receive(ScriptedPeer.Sack(remote.LastSent, window));
        return (remote, channel);
    }

    private static Tsn LastAcknowledged(ScriptedPeer remote) => remote.LastSent;
}
