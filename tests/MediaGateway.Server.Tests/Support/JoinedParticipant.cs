using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Tests.Support;

/// <summary>A participant of the real node, and what it has been told.</summary>
/// <param name="Participant">Its commands.</param>
/// <param name="Told">What its signaling was told.</param>
internal sealed record JoinedParticipant(IRoomParticipant Participant, RecordingObserver Told);
