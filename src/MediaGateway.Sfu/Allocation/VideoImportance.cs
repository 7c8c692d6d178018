namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Importance of a video to its receiver, from the least to the most. Sound is the most important of all and is not ranked.
/// </summary>
public enum VideoImportance
{
    /// <summary>A camera that the subscriber shows small, or to which it gives a low priority.</summary>
    Thumbnail,

    /// <summary>Any other camera.</summary>
    Camera,

    /// <summary>The picture that a viewer of a live stream watches.</summary>
    Program,

    /// <summary>
    /// The camera of somebody who speaks or has just spoken, or one to which the subscriber gives the highest priority.
    /// </summary>
    Speaker,

    /// <summary>A shared screen.</summary>
    Screen,
}
