namespace MediaGateway.Sfu.Media;

/// <summary>What is sent of an encoding that is too much for a line until the key frame of a lower one comes.</summary>
internal enum LineRelief
{
    /// <summary>All of it, as before: nothing waits yet.</summary>
    None,

    /// <summary>Its lowest temporal layer, where it has more than one; else nothing.</summary>
    Thin,

    /// <summary>Nothing.</summary>
    Stop,
}
