namespace MediaGateway.Sfu.Media;

/// <summary>Part of an encoding too much for a line that is sent until the key frame of a lower one comes.</summary>
internal enum LineRelief
{
    /// <summary>All of it, as before: nothing waits yet.</summary>
    None,

    /// <summary>The lowest temporal layer, where it has more than one; else nothing.</summary>
    Thin,

    /// <summary>Nothing.</summary>
    Stop,
}
