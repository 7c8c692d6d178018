using MediaGateway.Rtc.Transport;
using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Telemetry;

/// <summary>Takes from the workers' events what telemetry measures.</summary>
internal sealed class NodeTelemetry(SessionMetrics sessions, CutMetrics cuts, Joins joins)
{
    /// <param name="kind">The kind of the session that is over.</param>
    /// <param name="join">Its join; null when telemetry follows none.</param>
    /// <param name="reason">Why it is over.</param>
    public void Ended(SessionKind kind, Join? join, PeerCloseReason reason)
    {
        sessions.Ended(kind, reason);
        join?.Failed(reason.ToString());
    }

    /// <param name="participant">A participant of which something has changed.</param>
    public void Changed(ParticipantInfo participant) => joins.OnParticipant(participant);

    /// <param name="before">What was known of a live stream; null when nothing was.</param>
    /// <param name="after">What is known now.</param>
    public void Changed(LiveStreamSnapshot? before, LiveStreamSnapshot after) => cuts.OnStream(before, after);
}
