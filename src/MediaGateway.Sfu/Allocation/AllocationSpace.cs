namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Memory in which the lines of one worker's receivers are divided, one after the other: it grows with the largest of them and is used
/// again for each.
/// </summary>
public sealed class AllocationSpace
{
    private VideoClaim[] _claims = new VideoClaim[4];
    private LayerRung[] _rungs = new LayerRung[4 * LayerLadder.MaxRungs];

    /// <summary>True when a video may be left out whose lowest layers do not fit; else they are sent all the same.</summary>
    public bool MayPause { get; set; } = true;

    /// <summary>Room for the claims of so many videos.</summary>
    internal Span<VideoClaim> ClaimsOf(int videos)
    {
        if (_claims.Length < videos)
        {
            Array.Resize(ref _claims, Math.Max(videos, _claims.Length * 2));
            _rungs = new LayerRung[_claims.Length * LayerLadder.MaxRungs];
        }
        return _claims.AsSpan(0, videos);
    }

    /// <summary>Room for the steps of as many videos as there was last asked for.</summary>
    internal Span<LayerRung> Rungs => _rungs;
}
