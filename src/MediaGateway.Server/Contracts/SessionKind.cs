namespace MediaGateway.Server.Contracts;

internal enum SessionKind
{
    /// <summary>Publishes a stream (RFC 9725).</summary>
    Whip,

    /// <summary>Watches a stream (draft-ietf-wish-whep).</summary>
    Whep,
}
