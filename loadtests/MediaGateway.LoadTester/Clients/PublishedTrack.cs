using MediaGateway.LoadTester.Media;

namespace MediaGateway.LoadTester.Clients;

/// <summary>A track of a publisher.</summary>
/// <param name="Number">Its number in the run.</param>
/// <param name="Settings">What it sends.</param>
internal sealed record PublishedTrack(int Number, TrackSettings Settings)
{
    /// <summary>Browsers send three.</summary>
    private const int MaxEncodings = 4;

    /// <summary>The number that packets of one encoding carry; encodings count from the lowest.</summary>
    public int SourceOf(int encoding) => (Number * MaxEncodings) + encoding;

    public static int NumberOf(int source) => source / MaxEncodings;
}
