namespace MediaGateway.Sfu.Allocation;

/// <summary>How much a video is missed by who receives it, the least first. Sound is missed the most, and has no place here.</summary>
public enum VideoImportance
{
    /// <summary>A camera that the subscriber shows small, or says to be of low priority.</summary>
    Thumbnail,

    Camera,

    /// <summary>What a viewer of a live stream sees.</summary>
    Program,

    /// <summary>Somebody who speaks or has just spoken, or a camera that the subscriber says to be of the highest priority.</summary>
    Speaker,

    Screen,
}
