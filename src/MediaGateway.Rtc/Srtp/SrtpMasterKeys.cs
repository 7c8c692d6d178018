using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// Master keys and salts of both directions (RFC 3711 section 4.3), however they were agreed on: 16 bytes of key, 32 for AES-256,
/// and 14 bytes of salt for AES-CM, 12 for AES-GCM.
/// </summary>
/// <param name="Profile">The protection profile.</param>
/// <param name="LocalKey">Key for what we send.</param>
/// <param name="LocalSalt">Salt for what we send.</param>
/// <param name="RemoteKey">Key for what we receive.</param>
/// <param name="RemoteSalt">Salt for what we receive.</param>
public sealed record SrtpMasterKeys(SrtpProfile Profile, byte[] LocalKey, byte[] LocalSalt, byte[] RemoteKey, byte[] RemoteSalt);
