namespace MediaGateway.Sfu.Rooms;

public enum ParticipantKind
{
    Standard,
    Ingress,
    Egress,
    Sip,
    Agent,
}
