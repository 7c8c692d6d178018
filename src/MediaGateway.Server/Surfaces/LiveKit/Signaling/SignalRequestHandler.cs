using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using Messages = MediaGateway.Server.Signaling.Messages;
using Offered = MediaGateway.Rtc.Sdp.SessionDescription;
using Reason = MediaGateway.Server.Signaling.Messages.RequestResponse.Types.Reason;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Serves a client's requests: parses what is inside, asks the participant, and answers where the protocol has an answer.
/// </summary>
internal sealed class SignalRequestHandler(
    IRoomParticipant participant, SignalOutbox outbox, SignalSimulation simulation, int protocol, TimeProvider clock)
{
    /// <summary>First version of the protocol whose clients understand that a request was done.</summary>
    private const int ProtocolWithSuccess = 15;

    public Task HandleAsync(SignalRequest request) => request.MessageCase switch
    {
        SignalRequest.MessageOneofCase.Offer => OnOfferAsync(request.Offer),
        SignalRequest.MessageOneofCase.Answer => OnAnswerAsync(request.Answer),
        SignalRequest.MessageOneofCase.Trickle => OnTrickleAsync(request.Trickle),
        SignalRequest.MessageOneofCase.AddTrack => OnAddTrackAsync(request.AddTrack),
        SignalRequest.MessageOneofCase.Mute => OnMuteAsync(request.Mute),
        SignalRequest.MessageOneofCase.Subscription =>
            participant.SetSubscriptionsAsync(SignalRequests.Tracks(request.Subscription), request.Subscription.Subscribe),
        SignalRequest.MessageOneofCase.TrackSetting =>
            participant.SetTrackSettingsAsync(SignalRequests.Tracks(request.TrackSetting.TrackSids),
            SignalRequests.Settings(request.TrackSetting)),
        SignalRequest.MessageOneofCase.Leave =>
            participant.LeaveAsync(Sfu.Rooms.Members.DisconnectReason.ClientInitiated, LeaveAction.Disconnect),
        SignalRequest.MessageOneofCase.SubscriptionPermission => participant.SetSubscriptionPermissionsAsync(
            request.SubscriptionPermission.AllParticipants, SignalRequests.Permissions(request.SubscriptionPermission)),
        SignalRequest.MessageOneofCase.SyncState => participant.OnSyncStateAsync(SignalRequests.State(request.SyncState)),
        SignalRequest.MessageOneofCase.Simulate => simulation.RunAsync(request.Simulate),
        SignalRequest.MessageOneofCase.UpdateMetadata => OnUpdateMetadataAsync(request.UpdateMetadata),
        SignalRequest.MessageOneofCase.Ping => Answer(new SignalResponse { Pong = Now }),
        SignalRequest.MessageOneofCase.PingReq => Answer(new SignalResponse
        {
            PongResp = new Pong { LastPingTimestamp = request.PingReq.Timestamp, Timestamp = Now },
        }),
        // Clients send it for old servers, and expect nothing.
        SignalRequest.MessageOneofCase.UpdateLayers => Task.CompletedTask,
        _ => Answer(Unsupported(request)),
    };

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private Task OnOfferAsync(Messages.SessionDescription offer)
        => TryParse(offer, "offer", out Offered? description) ? participant.OnOfferAsync(offer.Id, description!) : Task.CompletedTask;

    private Task OnAnswerAsync(Messages.SessionDescription answer)
        => TryParse(answer, "answer", out Offered? description) ? participant.OnAnswerAsync(answer.Id, description!) : Task.CompletedTask;

    /// <summary>Says what is wrong with a description; the connection and what was negotiated before stand.</summary>
    private bool TryParse(Messages.SessionDescription message, string type, out Offered? description)
    {
        description = null;
        SdpError? error = null;
        if (message.Type == type && Offered.TryParse(message.Sdp, SdpLimits.Default, out description, out error))
            return true;
        string problem = error is null ? $"its type must be {type}." : error.ToString();
        outbox.Post(RequestResponses.Of(Reason.InvalidRequest, $"The {type} cannot be read: {problem}"));
        return false;
    }

    private Task OnTrickleAsync(TrickleRequest trickle)
    {
        if (!SignalRequests.TryMap(trickle, out IceCandidate? candidate))
        {
            return Answer(new SignalResponse
            {
                RequestResponse = new RequestResponse
                {
                    Reason = Reason.InvalidRequest,
                    Message = "candidateInit is not the JSON of an RTCIceCandidateInit.",
                    Trickle = trickle,
                },
            });
        }
        return candidate is null ? Task.CompletedTask : participant.OnCandidateAsync(SignalRequests.Target(trickle.Target), candidate);
    }

    private async Task OnAddTrackAsync(AddTrackRequest message)
    {
        RequestOutcome outcome = SignalRequests.TryMap(message, out TrackRequest? request)
            ? await participant.AddTrackAsync(request)
            : RequestOutcome.Invalid;
        // Success is told by track_published, to every protocol.
        if (outcome != RequestOutcome.Done)
            outbox.Post(new SignalResponse { RequestResponse = Response(outcome, message) });
    }

    private async Task OnMuteAsync(MuteTrackRequest message)
    {
        RequestOutcome outcome = await participant.SetMutedAsync(new TrackSid(message.Sid), message.Muted);
        if (outcome == RequestOutcome.Done)
            return;
        RequestResponse response = Response(outcome);
        response.Mute = message;
        outbox.Post(new SignalResponse { RequestResponse = response });
    }

    private async Task OnUpdateMetadataAsync(UpdateParticipantMetadata message)
    {
        RequestOutcome outcome = await participant.UpdateMetadataAsync(
            message.Name.Length == 0 ? null : message.Name,
            message.Metadata.Length == 0 ? null : message.Metadata,
            message.Attributes);
        if (outcome == RequestOutcome.Done && (message.RequestId == 0 || protocol < ProtocolWithSuccess))
            return;
        RequestResponse response = Response(outcome);
        response.RequestId = message.RequestId;
        response.UpdateMetadata = message;
        outbox.Post(new SignalResponse { RequestResponse = response });
    }

    private static RequestResponse Response(RequestOutcome outcome, AddTrackRequest request)
    {
        RequestResponse response = Response(outcome);
        response.AddTrack = request;
        return response;
    }

    private static RequestResponse Response(RequestOutcome outcome)
        => new() { Reason = RequestResponses.From(outcome), Message = RequestResponses.Explain(outcome) };

    /// <summary>Answers a request that the gateway does not serve, or does not know.</summary>
    private static SignalResponse Unsupported(SignalRequest request)
    {
        RequestResponse response = new() { Reason = Reason.UnsupportedType, Message = "This gateway does not serve such a request." };
        switch (request.MessageCase)
        {
            case SignalRequest.MessageOneofCase.UpdateAudioTrack:
                response.UpdateAudioTrack = request.UpdateAudioTrack;
                break;
            case SignalRequest.MessageOneofCase.UpdateVideoTrack:
                response.UpdateVideoTrack = request.UpdateVideoTrack;
                break;
            case SignalRequest.MessageOneofCase.PublishDataTrackRequest:
                response.PublishDataTrack = request.PublishDataTrackRequest;
                break;
            case SignalRequest.MessageOneofCase.UnpublishDataTrackRequest:
                response.UnpublishDataTrack = request.UnpublishDataTrackRequest;
                break;
        }
        return new SignalResponse { RequestResponse = response };
    }

    private Task Answer(SignalResponse response)
    {
        outbox.Post(response);
        return Task.CompletedTask;
    }
}
