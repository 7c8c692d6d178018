using Google.Protobuf.Reflection;
using MediaGateway.Server.Admission;

namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>A method of the service.</summary>
/// <param name="Access">What it needs.</param>
/// <param name="Request">Message that asks.</param>
/// <param name="AnswerAsync">Answers it.</param>
internal sealed record TwirpMethod(MethodAccess Access, MessageDescriptor Request, TwirpAnswer AnswerAsync);
