namespace MediaGateway.LoadTester.Clients;

/// <summary>The threads of a run's clients.</summary>
/// <param name="Count">Threads that those who receive are dealt out over; one more publishes.</param>
/// <param name="Processor">The one that all of them keep to, so that the server has the others; null for any.</param>
internal readonly record struct LoopSettings(int Count, int? Processor = null);
