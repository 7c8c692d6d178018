namespace MediaGateway.Testing.Bandwidth;

/// <summary>One row of the table: a line, who is behind it, and what they have of it.</summary>
/// <param name="Number">Section of RFC 8867, or the goal of docs/bandwidth.md that it is for.</param>
/// <param name="What">The setup in a few words.</param>
/// <param name="Run">Runs it with a seed.</param>
public sealed record BandwidthCase(string Number, string What, Func<int, BandwidthFigures> Run);
