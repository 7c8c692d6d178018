namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Outcome of a director's command.</summary>
public enum BusResult
{
    Done,

    /// <summary>There is no source of this id.</summary>
    SourceNotFound,

    /// <summary>A source of this id is there already.</summary>
    SourceExists,

    /// <summary>The stream has as many sources as it may have.</summary>
    TooManySources,

    /// <summary>The stream's own publisher is always a source of it.</summary>
    NotRemovable,

    /// <summary>There is no preview to cut to.</summary>
    NoPreview,

    /// <summary>The source sends nothing.</summary>
    NotLive,

    /// <summary>Another source is on air than the director believes.</summary>
    ProgramChanged,
}
