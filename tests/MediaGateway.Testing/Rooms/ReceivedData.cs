namespace MediaGateway.Testing.Rooms;

/// <summary>A data packet, or a page's message, as it came.</summary>
/// <param name="Label">Of its channel.</param>
/// <param name="From">The sender's identity by the gateway's word; empty for a page's message.</param>
/// <param name="Sequence">Of a reliable packet.</param>
/// <param name="Text">What it said.</param>
public sealed record ReceivedData(string Label, string From, uint Sequence, string Text);
