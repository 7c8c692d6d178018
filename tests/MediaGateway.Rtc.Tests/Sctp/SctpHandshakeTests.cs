using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Sctp;

namespace MediaGateway.Rtc.Tests.Sctp;

public sealed class SctpHandshakeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Both_sides_may_start_at_once()
    {
        var link = new SctpLink(1).Connect();
        link.Run(Second);
        Assert.Equal((1, 1), (link.Client.TimesUp, link.Server.TimesUp));
        Assert.True(link.Client.Association.NextDeadline.IsNever && link.Server.Association.NextDeadline.IsNever);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_side_starting_is_enough(bool client)
    {
        var link = new SctpLink(1);
        (client ? link.Client : link.Server).Association.Start(link.Now);
        Assert.True(link.RunUntil(() => link.Client.Association.IsUp && link.Server.Association.IsUp, Second));
    }

    [Fact]
    public void Association_comes_up_over_bad_links()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var conditions = new LinkConditions
            { Loss = 0.25, Duplication = 0.1, Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(600) };
            var link = new SctpLink(seed, conditions).Connect();
            DataChannel channel = link.Client.Association.TryOpenChannel(new DataChannelParameters { Label = "x" }, link.Now)!;
            Assert.True(link.RunUntil(() => channel.State == DataChannelState.Open, TimeSpan.FromMinutes(2)), $"seed {seed}");
            Assert.Equal((1, 1), (link.Client.TimesUp, link.Server.TimesUp));
        }
    }

    [Theory]
    [InlineData(SctpChunkType.Init)]
    [InlineData(SctpChunkType.InitAck)]
    [InlineData(SctpChunkType.CookieEcho)]
    [InlineData(SctpChunkType.CookieAck)]
    internal void Lost_packet_of_the_handshake_is_made_good(SctpChunkType lost)
    {
        int losses = 0;
        var link = new SctpLink(1) { Loses = (_, packet) => packet[12] == (byte)lost && losses++ < 2 }.Connect();
        link.Run(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1), (link.Client.TimesUp, link.Server.TimesUp));
        Assert.InRange(losses, 2, int.MaxValue);
    }

    [Fact]
    public void Silence_ends_the_handshake()
    {
        var link = new SctpLink(1) { Loses = (_, _) => true };
        link.Client.Association.Start(link.Now);
        link.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(SctpEndReason.HandshakeTimeout, link.Client.Ended);
    }

    [Fact]
    public void Restart_of_an_established_association_is_refused()
    {
        ScriptedPeer remote = new ScriptedPeer().Connect();
        Assert.Equal(DropReason.SctpUnexpectedChunk, remote.Receive(remote.Init(), tag: 0));
        Assert.Empty(remote.TakeSent());
        Assert.Equal(1, remote.Peer.TimesUp);
    }

    [Fact]
    public void Repeated_cookie_echo_is_acknowledged_again_and_changes_nothing()
    {
        ScriptedPeer remote = new ScriptedPeer().Connect();
        Assert.Equal(DropReason.None, remote.Receive(ScriptedPeer.Build(SctpChunkType.CookieEcho, 0, remote.Cookie)));
        Assert.Single(remote.TakeSent(SctpChunkType.CookieAck));
        Assert.Equal(1, remote.Peer.TimesUp);
    }

    [Fact]
    public void Forged_cookie_is_not_accepted()
    {
        ScriptedPeer remote = new ScriptedPeer().Connect();
        byte[] forged = [.. remote.Cookie];
        forged[3] ^= 1;
        Assert.Equal(DropReason.SctpUnexpectedChunk, remote.Receive(ScriptedPeer.Build(SctpChunkType.CookieEcho, 0, forged)));
        Assert.Empty(remote.TakeSent());
    }

    [Fact]
    public void Init_must_be_alone_and_have_a_tag()
    {
        var remote = new ScriptedPeer();
        Assert.Equal(DropReason.SctpUnknownAssociation,
            remote.Association.OnPacket(ScriptedPeer.Packet(0, remote.Init(), remote.Init()), remote.Now));
        (SctpChunkType type, byte flags, byte[] value) = remote.Init();
        value.AsSpan(0, 4).Clear();
        Assert.Equal(DropReason.SctpMalformed, remote.Receive((type, flags, value), tag: 0));
        Assert.Empty(remote.TakeSent());
    }

    [Fact]
    public void Packet_that_is_not_for_us_changes_nothing()
    {
        ScriptedPeer remote = new ScriptedPeer().Connect();
        byte[] abort = ScriptedPeer.Packet(remote.LocalTag, (SctpChunkType.Abort, 0, []));
        abort[^1] ^= 1;
        Assert.Equal(DropReason.SctpBadChecksum, remote.Association.OnPacket(abort, remote.Now));
        Assert.Equal(DropReason.SctpUnknownAssociation, remote.Receive((SctpChunkType.Abort, 0, []), tag: remote.LocalTag + 1));
        Assert.Equal(DropReason.SctpUnknownAssociation, remote.Receive((SctpChunkType.Abort, 0, []), tag: ScriptedPeer.Tag));
        Assert.True(remote.Association.IsUp);

        Assert.Equal(DropReason.None, remote.Receive((SctpChunkType.Abort, SctpChunk.ReflectedTag, []), tag: ScriptedPeer.Tag));
        Assert.Equal(SctpEndReason.ClosedByPeer, remote.Peer.Ended);
    }

    [Fact]
    public void Graceful_shutdown_of_the_remote_is_answered()
    {
        ScriptedPeer remote = new ScriptedPeer().Connect();
        remote.Receive(remote.Shutdown());
        Assert.Single(remote.TakeSent(SctpChunkType.ShutdownAck));
        remote.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(remote.TakeSent(SctpChunkType.ShutdownAck));
        remote.Receive((SctpChunkType.ShutdownComplete, 0, []));
        Assert.Equal(SctpEndReason.ClosedByPeer, remote.Peer.Ended);
    }

    [Fact]
    public void Heartbeats_are_answered_once_a_packet()
    {
        ScriptedPeer remote = new ScriptedPeer().Connect();
        remote.Receive((SctpChunkType.Heartbeat, 0, [0, 1, 0, 8, 1, 2, 3, 4]), (SctpChunkType.Heartbeat, 0, [0, 1, 0, 8, 5, 6, 7, 8]));
        Assert.Equal([0, 1, 0, 8, 5, 6, 7, 8], Assert.Single(remote.TakeSent(SctpChunkType.HeartbeatAck)));
    }

    [Fact]
    public void Unknown_chunks_are_skipped_or_stop_the_packet_as_their_type_says()
    {
        ScriptedPeer remote = new ScriptedPeer().Connect();
        Assert.Equal(DropReason.SctpUnknownChunk, remote.Receive(((SctpChunkType)0xBF, 0, [1]), remote.Open(0, 0)));
        Assert.Single(remote.Peer.Opened);
        Assert.Equal(DropReason.SctpUnknownChunk, remote.Receive(((SctpChunkType)0x3F, 0, [1]), remote.Open(1, 2)));
        Assert.Single(remote.Peer.Opened);
    }
}
