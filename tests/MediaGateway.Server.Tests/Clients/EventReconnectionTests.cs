using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using MediaGateway.Client;

namespace MediaGateway.Server.Tests.Clients;

public sealed class EventReconnectionTests
{
    [Fact]
    public void Pauses_double_up_to_the_longest_and_begin_anew_with_a_message()
    {
        var watch = new EventWatch { FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(10) };
        var reconnection = new EventReconnection(watch);
        foreach (int longest in (int[])[1, 2, 4, 8, 10, 10])
            Assert.InRange(reconnection.PauseAfter(Failure(StatusCode.Unavailable)).TotalSeconds, longest / 2.0, longest);
        reconnection.OnMessage();
        Assert.InRange(reconnection.PauseAfter(Failure(StatusCode.Internal)).TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Gateway_is_given_the_time_it_asks_for()
    {
        var refusal = new Google.Rpc.Status
        {
            Code = (int)StatusCode.ResourceExhausted,
            Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) }) },
        };
        Assert.Equal(TimeSpan.FromMinutes(1),
            new EventReconnection(new EventWatch()).PauseAfter(GatewayException.Of(refusal.ToRpcException())));
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.Unimplemented)]
    public void What_would_fail_again_is_final(StatusCode status)
    {
        var reconnection = new EventReconnection(new EventWatch());
        reconnection.OnMessage();
        GatewayException failure = Failure(status);
        Assert.Same(failure, Assert.Throws<GatewayException>(() => reconnection.PauseAfter(failure)));
    }

    [Fact]
    public void Token_is_renewed_once_and_a_new_one_that_is_refused_is_final()
    {
        var reconnection = new EventReconnection(new EventWatch { WaitForGateway = false });
        Assert.Equal(TimeSpan.Zero, reconnection.PauseAfter(Failure(StatusCode.Unauthenticated)));
        reconnection.OnMessage();
        Assert.Equal(TimeSpan.Zero, reconnection.PauseAfter(Failure(StatusCode.Unauthenticated)));
        Assert.Throws<GatewayException>(() => reconnection.PauseAfter(Failure(StatusCode.Unauthenticated)));
    }

    [Fact]
    public void Whoever_does_not_wait_learns_at_once_that_there_is_no_gateway()
    {
        var reconnection = new EventReconnection(new EventWatch { WaitForGateway = false });
        Assert.Throws<GatewayException>(() => reconnection.PauseAfter(Failure(StatusCode.Unavailable)));
        reconnection.OnMessage();
        Assert.NotEqual(TimeSpan.Zero, reconnection.PauseAfter(Failure(StatusCode.Unavailable)));
    }

    private static GatewayException Failure(StatusCode status) =>
        GatewayException.Of(new RpcException(new Grpc.Core.Status(status, "No.")));
}
