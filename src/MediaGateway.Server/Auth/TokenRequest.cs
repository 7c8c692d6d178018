namespace MediaGateway.Server.Auth;

/// <summary>What a new token shall say.</summary>
/// <param name="Identity">Who bears it.</param>
/// <param name="Room">The live stream it is for.</param>
/// <param name="CanPublish">May go live.</param>
/// <param name="CanSubscribe">May watch.</param>
/// <param name="ValidFor">Lifetime from now.</param>
internal sealed record TokenRequest(string Identity, string Room, bool CanPublish, bool CanSubscribe, TimeSpan ValidFor);
