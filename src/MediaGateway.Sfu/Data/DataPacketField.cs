namespace MediaGateway.Sfu.Data;

/// <summary>Field numbers of a data packet's envelope; those of its values are <see cref="DataPacketValue"/>.</summary>
internal static class DataPacketField
{
    public const int Kind = 1;
    public const int ParticipantIdentity = 4;
    public const int DestinationIdentities = 5;
    public const int Sequence = 16;
    public const int ParticipantSid = 17;
}
