using System.Security.Cryptography;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Signaling.Messages;
using Messages = MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>The first message of a connection.</summary>
internal sealed class Greetings(IReadOnlyList<IceServerOptions> iceServers)
{
    /// <summary>
    /// Version of LiveKit's server that clients see and choose their behaviour by: enough for remote procedure
    /// calls (1.8.0), before simulcast of VP9 and AV1 without scalable coding (1.13.7). It must not be empty.
    /// </summary>
    private const string Version = "1.9.0";

    private const int NodeIdBytes = 12;

    /// <summary>First version of the protocol whose clients wait for the gateway to offer the connection on which they receive.</summary>
    private const int ProtocolWithSubscriberPrimary = 3;

    private readonly string _nodeId = "ND_" + RandomNumberGenerator.GetHexString(NodeIdBytes, lowercase: true);

    public IReadOnlyList<SignalResponse> Join(JoinedRoom joined, JoinParameters parameters) =>
    [
        new SignalResponse
        {
            Join = new JoinResponse
            {
                Room = RoomModels.From(joined.Room),
                Participant = RoomModels.From(joined.Info),
                OtherParticipants = { joined.Others.Select(RoomModels.From) },
                ServerVersion = Version,
                ServerInfo = ServerInfo(),
                IceServers = { iceServers.Select(IceServer) },
                SubscriberPrimary = !parameters.SinglePeerConnection
                    && joined.Info.Permissions.CanSubscribe
                    && parameters.Protocol >= ProtocolWithSubscriberPrimary,
                PingInterval = SignalingSession.PingIntervalSeconds,
                PingTimeout = SignalingSession.PingTimeoutSeconds,
                EnabledPublishCodecs = { RoomModels.EnabledCodecs() },
                FastPublish = joined.Info.Permissions.CanPublish,
            },
        },
    ];

    public SignalResponse Reconnect(ResumedParticipant resumed) => new()
    {
        Reconnect = new ReconnectResponse
        {
            IceServers = { iceServers.Select(IceServer) },
            ServerInfo = ServerInfo(),
            LastMessageSeq = resumed.LastReliableSequence,
        },
    };

    private ServerInfo ServerInfo() => new()
    {
        Edition = Messages.ServerInfo.Types.Edition.Standard,
        Version = Version,
        Protocol = JoinParameters.CurrentProtocol,
        NodeId = _nodeId,
    };

    private static ICEServer IceServer(IceServerOptions server)
        => new() { Urls = { server.Urls }, Username = server.Username, Credential = server.Credential.Reveal() };
}
