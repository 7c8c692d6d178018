using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;

namespace MediaGateway.Server.Tests.Signaling;

public sealed class SignalOutboxTests
{
    /// <summary>A participant is told things from the moment it is in the room, and its WebSocket may be slow to open.</summary>
    [Fact]
    public async Task Client_for_which_too_much_waits_before_it_is_connected_is_cut_off()
    {
        var limits = new SignalingOptions { MaxQueuedMessages = 16 };
        SignalOutbox outbox = new(limits);
        for (int i = 0; i < limits.MaxQueuedMessages; i++)
            outbox.Post(new SignalResponse { Pong = i });
        Assert.False(outbox.Ended.IsCompleted);

        outbox.Post(new SignalResponse { Pong = 0 });

        Assert.True(outbox.Ended.IsCompleted);
        Assert.Equal(SignalEnd.TooSlow, await outbox.Ended);
    }
}
