namespace MediaGateway.Server.Operations;

/// <param name="Participant">To ask for more.</param>
/// <param name="LastReliableSequence">Sequence of the last reliable data packet that came from it; 0 for none.</param>
internal sealed record ResumedParticipant(IRoomParticipant Participant, uint LastReliableSequence);
