namespace MediaGateway.Sfu.Rooms.Members;

public enum ParticipantKind
{
    Standard,
    Ingress,
    Egress,
    Sip,
    Agent,
}
