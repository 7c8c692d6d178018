using MediaGateway.Attack.Running;

namespace MediaGateway.Attack.Drills;

/// <summary>Every drill, in the order of docs/security.md.</summary>
internal static class AllDrills
{
    public static IReadOnlyList<Drill> List =>
    [
        .. StunDrills.List, .. DtlsDrills.List, .. MediaDrills.List, .. SctpDrills.List, .. SignalingDrills.List, .. HttpDrills.List,
        .. Http2Drills.List, .. MessageDrills.List, .. TokenDrills.List, .. TlsDrills.List, .. LimitDrills.List,
    ];
}
