namespace MediaGateway.Server.Contracts;

/// <summary>A client broke the contract, or asked for what cannot be had now. The only exception a request may end with.</summary>
/// <param name="code">The stable code.</param>
/// <param name="detail">What happened, for the person who reads the client's log. Never a secret, never an address.</param>
internal sealed class ContractException(ErrorCode code, string detail) : Exception(detail)
{
    public ErrorCode Code { get; } = code;

    /// <summary>The field of the request that is at fault, as its .proto file names it; null when it is not one field.</summary>
    public string? Field { get; init; }

    /// <summary>Time after which to try again; null for the default of the code.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
