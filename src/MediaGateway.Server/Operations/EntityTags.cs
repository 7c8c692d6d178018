namespace MediaGateway.Server.Operations;

/// <summary>
/// Entity tags of ICE sessions: their username fragment in base64url, for ice-chars include + and / (RFC 8445 section 5.3).
/// </summary>
internal static class EntityTags
{
    public static string Of(string usernameFragment) => usernameFragment.Replace('+', '-').Replace('/', '_');
}
