namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>An error as Twirp writes it (https://twitchtv.github.io/twirp/docs/errors.html).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Twirp's name of it.</param>
/// <param name="Message">What is wrong, and what to do about it.</param>
/// <param name="Reason">The gateway's stable code, which the body carries as meta.reason; empty for none.</param>
internal sealed record TwirpError(int Status, string Code, string Message, string Reason = "");
