using MediaGateway.V1;

namespace MediaGateway.Client;

/// <summary>Choice of what <see cref="GatewayClient.WatchAsync"/> watches, and of how it waits for a gateway that is away.</summary>
public sealed record EventWatch
{
    /// <summary>Names of the rooms to watch; empty for all, or for none when live streams are named.</summary>
    public IReadOnlyCollection<string> Rooms { get; init; } = [];

    /// <summary>Names of the live streams to watch; empty for all, or for none when rooms are named.</summary>
    public IReadOnlyCollection<string> LiveStreams { get; init; } = [];

    /// <summary>Kinds of events to watch; empty for all.</summary>
    public IReadOnlyCollection<EventKind> Kinds { get; init; } = [];

    /// <summary>
    /// Position to go on behind: the <see cref="GatewayEvent.ResumeToken"/> of the last event that was processed, of an earlier run of the
    /// program for one. The filter has to be the same. Empty to begin with a snapshot.
    /// </summary>
    public string ResumeToken { get; init; } = "";

    /// <summary>
    /// Longest time without a message, in whole seconds from 1 to 60. A connection that is silent for more than twice as long and five
    /// seconds is given up and made again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is shorter than a second or longer than a minute.</exception>
    public TimeSpan Heartbeat
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>Makes heartbeats events too, for a reader that stores how far it has come while nothing happens.</summary>
    public bool IncludeHeartbeats { get; init; }

    /// <summary>
    /// Makes the watch wait for a gateway that cannot be reached at first. If it does not, the first failure ends the enumeration; from
    /// the first event on, connections are made again in either case.
    /// </summary>
    public bool WaitForGateway { get; init; } = true;

    /// <summary>Pause before the first attempt to connect again. Each further one is twice as long, less up to a half by chance.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause between attempts to connect again, unless the gateway asks for a longer one.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Callback for the log, called with the cause and the pause that follows when a connection is lost or refused.</summary>
    public Action<GatewayException, TimeSpan>? Interrupted { get; init; }
}
