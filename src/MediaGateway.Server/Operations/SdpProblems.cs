using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Operations;

/// <summary>Mapping of the core's refusals to the server's error codes, the only place that does it.</summary>
internal static class SdpProblems
{
    public static ContractException Malformed(SdpError error) => new(ErrorCode.MalformedSdp, error.ToString());

    public static ContractException MalformedFragment(SdpError error) => new(ErrorCode.MalformedFragment, error.ToString());

    public static ContractException Unusable(NegotiationError error) => new(
        error.Code == NegotiationErrorCode.NoCommonCodec ? ErrorCode.NoCommonCodec : ErrorCode.UnusableSdp,
        error.ToString());

    /// <summary>The refusal that a worker's result means; null when it took the peer in.</summary>
    public static ContractException? Refused(OpenResult result) => result switch
    {
        OpenResult.Opened => null,
        OpenResult.StreamHasPublisher => new ContractException(
            ErrorCode.StreamTaken, "Somebody publishes this stream. Repeat with ?takeover=1 to replace them."),
        OpenResult.Draining => new ContractException(ErrorCode.Draining, "The gateway is stopping; try another one."),
        OpenResult.TooManyHalfOpenPeers => new ContractException(
            ErrorCode.AtCapacity, "Too many sessions are waiting for their media to connect; try again in a few seconds."),
        OpenResult.SourceNotFound => new ContractException(ErrorCode.NotFound, "The stream has no source of this id."),
        OpenResult.TooManyViewers => new ContractException(ErrorCode.AtCapacity, "The stream has as many viewers as it may have."),
        _ => new ContractException(ErrorCode.AtCapacity, "The gateway serves as many peers as it may."),
    };
}
