using System.Text.Json;

namespace MediaGateway.LoadTester.Servers;

/// <summary>A plugin's answer to a request that it had queued.</summary>
/// <param name="Data">The plugin's own words.</param>
/// <param name="Sdp">Of the offer or answer that came along; null without one.</param>
internal sealed record JanusAnswer(JsonElement Data, string? Sdp);
