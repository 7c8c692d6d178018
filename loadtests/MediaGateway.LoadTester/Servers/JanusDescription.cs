namespace MediaGateway.LoadTester.Servers;

/// <param name="Type"><c>offer</c> or <c>answer</c>.</param>
/// <param name="Sdp">The description.</param>
internal sealed record JanusDescription(string Type, string Sdp);
