namespace MediaGateway.Sfu.Media;

/// <summary>Count of a receiver's videos that one cause keeps from it.</summary>
/// <param name="Limited">Number of videos that it is not sent all of; those that are paused included.</param>
/// <param name="Paused">Number of these that it is not sent at all.</param>
public readonly record struct VideoShortage(int Limited, int Paused);
