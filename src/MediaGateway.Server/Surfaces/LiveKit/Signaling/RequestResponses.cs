using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Sfu.Rooms;
using Reason = MediaGateway.Server.Signaling.Messages.RequestResponse.Types.Reason;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Messages that report the outcome of a request.</summary>
internal static class RequestResponses
{
    public static SignalResponse Of(Reason reason, string message) =>
        new() { RequestResponse = new RequestResponse { Reason = reason, Message = message } };

    public static Reason From(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Done => Reason.Ok,
        RequestOutcome.NotFound => Reason.NotFound,
        RequestOutcome.NotAllowed => Reason.NotAllowed,
        RequestOutcome.LimitExceeded => Reason.LimitExceeded,
        RequestOutcome.Invalid => Reason.InvalidRequest,
        _ => Reason.UnclassifiedError,
    };

    /// <summary>A sentence for the person who reads the client's log.</summary>
    public static string Explain(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Done => "",
        RequestOutcome.NotFound => "There is no such track.",
        RequestOutcome.NotAllowed => "The participant's permissions do not allow it.",
        RequestOutcome.LimitExceeded => "It is more than a participant may have.",
        _ => "The request contradicts itself or what is there.",
    };
}
