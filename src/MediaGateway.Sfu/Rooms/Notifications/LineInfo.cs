using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Rooms.Notifications;

/// <summary>Effect of a participant's line on its video, as people are told.</summary>
/// <param name="Estimate">Rate that the line carries, on the wire; null while nothing is known, and for everybody else.</param>
/// <param name="Shortage">How much video it keeps from the participant.</param>
public readonly record struct LineInfo(Bitrate? Estimate, VideoShortage Shortage)
{
    /// <summary>Share of an estimate by which another one has to differ to be worth a message.</summary>
    private const double Tolerance = 0.1;

    /// <summary>Tells whether its participant, which was told of another line, is to be told of this one.</summary>
    public bool Differs(in LineInfo told)
    {
        if (Shortage != told.Shortage || Estimate.HasValue != told.Estimate.HasValue)
            return true;
        long now = Estimate?.BitsPerSecond ?? 0, before = told.Estimate?.BitsPerSecond ?? 0;
        return Math.Abs(now - before) > before * Tolerance;
    }

    /// <summary>Tells whether the others, who were told of another line, are to be told of this one.</summary>
    public bool DiffersForOthers(in LineInfo told) =>
        Shortage.Limited > 0 != told.Shortage.Limited > 0 || Shortage.Paused > 0 != told.Shortage.Paused > 0;
}
