namespace MediaGateway.Sfu.Allocation;

/// <summary>Claim of one video to the line, for <see cref="LayerAllocator"/>.</summary>
internal struct VideoClaim
{
    /// <summary>Number of the video whose claim it is, in the caller's own count.</summary>
    public int Index;

    /// <summary>Importance: the line is given to higher ones first, and to equal ones in turns.</summary>
    public int Class;

    /// <summary>Area in which it is shown, for the order within a class; 0 when unknown.</summary>
    public int Size;

    /// <summary>Index of its lowest step, and the number of its steps.</summary>
    public int First;
    public int Count;

    /// <summary>The step that it is at, from 0; -1 for none.</summary>
    public int Current;

    /// <summary>True when it was given nothing before: the step that it is at is the one that it begins with.</summary>
    public bool IsNew;

    /// <summary>The highest step that it may be raised to now.</summary>
    public int Ceiling;

    /// <summary>The step that it is given; -1 for none.</summary>
    public int Chosen;

    /// <summary>Rate that the chosen step counts with, bits per second.</summary>
    public long Cost;

    /// <summary>True when there is no room for its next step.</summary>
    public bool IsDone;
}
