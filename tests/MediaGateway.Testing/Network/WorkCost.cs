namespace MediaGateway.Testing.Network;

/// <summary>The cost of work on a simulated machine of one core, in virtual time; what comes meanwhile waits.</summary>
/// <param name="PerReceived">Each datagram that is received.</param>
/// <param name="PerSent">Each datagram that is sent.</param>
/// <param name="QueueLength">Datagrams that may wait; more are lost.</param>
public sealed record WorkCost(TimeSpan PerReceived, TimeSpan PerSent, int QueueLength = 4000);
