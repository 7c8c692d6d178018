namespace MediaGateway.Sfu.Data;

/// <summary>Field numbers of a user packet: those that the gateway sets or reads.</summary>
internal static class UserPacketField
{
    public const int ParticipantSid = 1;
    public const int DestinationSids = 3;
    public const int ParticipantIdentity = 5;
    public const int DestinationIdentities = 6;
}
