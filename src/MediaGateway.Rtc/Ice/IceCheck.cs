using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Ice;

/// <summary>The result of <see cref="IceAgent.OnStun"/> for one datagram.</summary>
public readonly struct IceCheck
{
    /// <summary>Reason why the datagram was dropped; <see cref="DropReason.None"/> when it was authenticated and answered.</summary>
    public DropReason Drop { get; init; }

    /// <summary>Bytes of the answer to send back along the path the request came by; 0 for none.</summary>
    public int ResponseLength { get; init; }

    /// <summary>The path was not valid before and is now: datagrams from it belong to this agent's peer.</summary>
    public bool PathAdded { get; init; }

    /// <summary><see cref="IceAgent.SelectedPath"/> is another one than before.</summary>
    public bool SelectedPathChanged { get; init; }

    /// <summary>First check with the credentials of a restart: <see cref="IceAgent.PreviousLocalCredentials"/> are void now.</summary>
    public bool RestartCompleted { get; init; }
}
