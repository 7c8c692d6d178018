namespace MediaGateway.Sfu.Media;

/// <summary>
/// Why a subscription is sent less than its publication has. Where two causes limit alike, the earlier of these is named.
/// </summary>
public enum LimitCause
{
    /// <summary>Nothing is limited.</summary>
    None,

    /// <summary>The subscriber itself asked for no more.</summary>
    Wish,

    /// <summary>The application limited the track through the control API, for everybody or for this subscriber.</summary>
    Director,

    /// <summary>The worker has too much to do.</summary>
    Overload,

    /// <summary>The receiver's line carries no more.</summary>
    Bandwidth,
}
