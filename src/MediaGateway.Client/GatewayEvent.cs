using MediaGateway.V1;

namespace MediaGateway.Client;

/// <summary>
/// One event of <see cref="GatewayClient.WatchAsync"/>. A snapshot replaces everything that a reader knows; an upsert replaces what is
/// there under its name (and identity), a removal removes it.
/// </summary>
/// <param name="Message">The message as the gateway sent it; for a snapshot the last part, with the contents of all parts in it.</param>
/// <param name="Missed">
/// Why a snapshot replaces the past, and from which change on, when changes before it were not told: the gateway was started again, or the
/// reader was too slow or away too long. Null for every other event, the first snapshot included.
/// </param>
public sealed record GatewayEvent(WatchResponse Message, Missed? Missed)
{
    /// <summary>Kind of the event, which says where in <see cref="Message"/> its contents are.</summary>
    public WatchResponse.EventOneofCase Kind => Message.EventCase;

    /// <summary>Number of the change; it grows with each change on the gateway and begins anew when the gateway is started again.</summary>
    public long Sequence => Message.Sequence;

    /// <summary>Position behind this event, for <see cref="EventWatch.ResumeToken"/>.</summary>
    public string ResumeToken => Message.ResumeToken;

    /// <summary>Time at which it happened, by the gateway's clock.</summary>
    public DateTimeOffset Time => Message.Time.ToDateTimeOffset();
}
