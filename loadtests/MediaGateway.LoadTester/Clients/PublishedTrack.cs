using MediaGateway.LoadTester.Media;

namespace MediaGateway.LoadTester.Clients;

/// <summary>A track of a publisher.</summary>
/// <param name="Source">Its number in the run.</param>
/// <param name="Settings">What it sends.</param>
internal sealed record PublishedTrack(int Source, TrackSettings Settings);
