using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>Data channels beside the media of one transport.</summary>
public sealed class DataChannelTransportTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly MeetingCall _call = new();

    public DataChannelTransportTests()
    {
        _call.ClientOffers([MeetingCall.Section("a", MediaKind.Audio, 100)]);
        _call.Run(Second);
    }

    public void Dispose() => _call.Dispose();

    [Fact]
    public void Messages_pass_both_ways_on_channels_of_both_sides()
    {
        DataChannel up = Open(_call.Client, "up"), down = Open(_call.Gateway, "down");
        Send(_call.Client, up, "from the client");
        Send(_call.Gateway, down, "from the gateway");
        _call.Run(Second);

        Assert.Equal("from the client"u8.ToArray(), Assert.Single(_call.Gateway.Messages, message => message.Channel.Label == "up").Data);
        Assert.Equal("from the gateway"u8.ToArray(), Assert.Single(_call.Client.Messages, message => message.Channel.Label == "down").Data);
        Assert.NotEqual(up.StreamId % 2, down.StreamId % 2);
    }

    [Fact]
    public void Association_outlives_a_later_negotiation()
    {
        SctpAssociation association = _call.Gateway.Transport.Sctp!;
        DataChannel channel = Open(_call.Client, "chat");
        _call.ClientOffers([MeetingCall.Section("a", MediaKind.Audio, 100), MeetingCall.Section("v", MediaKind.Video, 200)]);
        Send(_call.Client, channel, "still here");
        _call.Run(Second);

        Assert.Same(association, _call.Gateway.Transport.Sctp);
        Assert.Equal("still here"u8.ToArray(), Assert.Single(_call.Gateway.Messages).Data);
    }

    [Fact]
    public void Closed_channel_is_told_to_the_other_side()
    {
        DataChannel channel = Open(_call.Client, "chat");
        Assert.Single(_call.Gateway.Channels);
        _call.Client.Transport.Sctp!.CloseChannel(channel, _call.Now);
        _call.Run(Second);

        Assert.Empty(_call.Gateway.Channels);
        Assert.Equal(DataChannelState.Closed, channel.State);
    }

    [Fact]
    public void Closed_transport_sends_nothing_more_of_its_channels()
    {
        DataChannel channel = Open(_call.Gateway, "down");
        _call.Gateway.Transport.Close(PeerCloseReason.ClosedByPeer, _call.Now);

        Assert.Equal(SendResult.Closed, _call.Gateway.Transport.Sctp!.Send(channel, DataMessageKind.Text, "late"u8, _call.Now));
        Assert.True(_call.Gateway.Transport.NextDeadline.IsNever);
    }

    private DataChannel Open(MeetingPeer peer, string label)
    {
        DataChannel channel = peer.Transport.Sctp!.TryOpenChannel(new DataChannelParameters { Label = label }, _call.Now)!;
        _call.Run(Second);
        Assert.Equal(DataChannelState.Open, channel.State);
        return channel;
    }

    private void Send(MeetingPeer peer, DataChannel channel, string text) =>
        Assert.Equal(SendResult.Buffered,
        peer.Transport.Sctp!.Send(channel, DataMessageKind.Text, Encoding.UTF8.GetBytes(text), _call.Now));
}
