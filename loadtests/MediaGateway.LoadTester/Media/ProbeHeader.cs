namespace MediaGateway.LoadTester.Media;

/// <summary>The fields that every packet of the tester carries behind its codec's header.</summary>
/// <param name="Source">Which encoding of which track of the run sent it.</param>
/// <param name="Number">Counts the encoding's packets, from 0.</param>
/// <param name="SentTicks">When it was written, by the clock of <see cref="DateTime.UtcNow"/>; its ticks.</param>
internal readonly record struct ProbeHeader(int Source, long Number, long SentTicks);
