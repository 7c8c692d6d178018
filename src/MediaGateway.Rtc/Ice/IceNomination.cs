using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Ice;

/// <summary>
/// Decides when a nominated path takes over from the selected one. A lite agent follows the controlling side, which
/// nominates in one of three ways: once, on the pair it chose (regular, RFC 8445 section 8.1.1); on every check of the
/// pair it uses now, moving on when its network changes (libwebrtc towards a lite agent); or on every check of every
/// pair (aggressive, RFC 5245 section 8.1.1.2), where the highest priority wins.
/// </summary>
internal static class IceNomination
{
    /// <summary>
    /// Called for each check with USE-CANDIDATE on a path that is not the selected one. The rules, first match wins:
    /// <list type="number">
    /// <item>The selected path was never nominated in this generation: it was only provisional.</item>
    /// <item>The candidate's priority is higher. Not for an equal one: PRIORITY tells the remote's candidates apart but not
    /// ours, so two of our addresses nominated aggressively would flap.</item>
    /// <item>The selected path's last check carried no USE-CANDIDATE: the remote does not nominate aggressively, so this
    /// is its new choice.</item>
    /// <item>The selected path was not nominated for a while: the remote has left it, as after a NAT rebinding.</item>
    /// <item>The candidate was first seen when the selected path had long been settled: the remote's network has changed.</item>
    /// </list>
    /// </summary>
    public static bool Replaces(IcePath candidate, IcePath selected, MonotonicTime selectedAt, MonotonicTime now, IceOptions options) =>
        selected.LastNomination is not { } lastNomination
        || selected.Generation < candidate.Generation
        || candidate.Priority > selected.Priority
        || !selected.IsLastCheckNominating
        || now - lastNomination >= options.NominationTimeout
        || candidate.FirstCheck - selectedAt >= options.EstablishedAfter;

    /// <summary>
    /// Decides for a full agent whether a path that was just proven or nominated takes over: it is of a newer generation, or
    /// nominated, or of a higher priority than one that was never nominated.
    /// </summary>
    public static bool Improves(IcePath path, IcePath? selected) =>
        selected is null
        || selected.Generation < path.Generation
        || path.LastNomination is not null
        || (selected.LastNomination is null && path.Priority > selected.Priority);
}
