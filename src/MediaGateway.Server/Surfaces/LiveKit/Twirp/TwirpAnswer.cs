using Google.Protobuf;
using MediaGateway.Server.Auth;

namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>Answers one method's requests, once the caller has passed the gate.</summary>
internal delegate Task<IMessage> TwirpAnswer(RoomServiceAdapter adapter, IMessage request, Caller caller);
