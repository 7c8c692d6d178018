using System.Net;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Server.Tests.Media;

public sealed class SessionTableTests
{
    private const int MaxHalfOpen = 2;

    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.1");

    private readonly SeededEntropy _entropy = new(1);
    private readonly SessionTable _table = new();
    private long _lastPeer;

    [Fact]
    public void Half_open_sessions_of_a_source_are_capped()
    {
        Assert.NotNull(Add(Source));
        Assert.NotNull(Add(Source));

        Assert.Null(Add(Source));
        Assert.NotNull(Add(IPAddress.Parse("192.0.2.2")));
        Assert.Equal(3, _table.Count);
    }

    [Fact]
    public void Session_that_connects_makes_room_for_another_of_its_source_once()
    {
        Add(Source);
        MediaSession second = Add(Source)!;

        Assert.NotNull(_table.MarkConnected(second.Peer));
        _table.MarkConnected(second.Peer);

        Assert.NotNull(Add(Source));
        Assert.Null(Add(Source));
        _table.Remove(second.Peer);
        Assert.Null(Add(Source));
    }

    [Fact]
    public void Session_that_ends_half_open_makes_room_for_another_of_its_source_once()
    {
        Add(Source);
        MediaSession second = Add(Source)!;

        Assert.NotNull(_table.Remove(second.Peer));
        Assert.Null(_table.Remove(second.Peer));

        Assert.NotNull(Add(Source));
        Assert.Null(Add(Source));
    }

    [Fact]
    public void Session_that_has_ended_is_not_found()
    {
        MediaSession session = Add(Source)!;
        Assert.True(_table.TryGet(session.Id, out _));

        _table.Remove(session.Peer);

        Assert.False(_table.TryGet(session.Id, out _));
        Assert.Null(_table.MarkConnected(session.Peer));
    }

    private MediaSession? Add(IPAddress source)
    {
        Assert.True(StreamName.TryParse("live", out StreamName stream));
        Assert.True(ParticipantIdentity.TryParse("alice", out ParticipantIdentity identity));
        // The table looks into neither the worker nor the negotiated session.
        var info = new SessionInfo(SessionKind.Whip, stream, identity, "\"etag\"");
        var session = new MediaSession(SessionId.Create(_entropy), new PeerId(++_lastPeer), null!, source, null!, info);
        return _table.TryAdd(session, MaxHalfOpen) ? session : null;
    }
}
