using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.V1;
using DataPacketKind = MediaGateway.V1.DataPacketKind;
using ParticipantPermissions = MediaGateway.Sfu.Rooms.Members.ParticipantPermissions;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>mediagateway.v1.ParticipantService.</summary>
internal sealed class ParticipantCalls(ParticipantOperations participants) : ParticipantService.ParticipantServiceBase
{
    public override Task<ListParticipantsResponse> ListParticipants(ListParticipantsRequest request, ServerCallContext context)
    {
        IReadOnlyList<ParticipantInfo> all = participants.List(request.Room);
        Page<ParticipantInfo> page =
            PageTokens.Read(request).Take(all.Select(participant => KeyValuePair.Create(ListKeys.Of(participant), participant)));
        return Task.FromResult(new ListParticipantsResponse
        { Participants = { page.Items.Select(ControlModels.Of) }, NextPageToken = PageTokens.NextOf(request, page) });
    }

    public override Task<GetParticipantResponse> GetParticipant(GetParticipantRequest request, ServerCallContext context) =>
        Task.FromResult(new GetParticipantResponse
        { Participant = ControlModels.Of(participants.Get(request.Room, request.Identity)) });

    public override async Task<RemoveParticipantResponse> RemoveParticipant(RemoveParticipantRequest request, ServerCallContext context)
    {
        await participants.RemoveAsync(request.Room, request.Identity);
        return new RemoveParticipantResponse();
    }

    public override async Task<UpdateParticipantResponse> UpdateParticipant(UpdateParticipantRequest request, ServerCallContext context)
    {
        var change = new ParticipantChange(
            request.HasName ? request.Name : null,
            request.HasMetadata ? request.Metadata : null,
            request.Attributes,
            request.Permissions is null ? null : ControlModels.Read(request.Permissions));
        ParticipantInfo changed = await participants.UpdateAsync(request.Room, request.Identity, change);
        return new UpdateParticipantResponse { Participant = ControlModels.Of(changed) };
    }

    public override async Task<MuteTrackResponse> MuteTrack(MuteTrackRequest request, ServerCallContext context)
    {
        TrackInfo track =
            await participants.MuteTrackAsync(request.Room, request.Identity, request.TrackSid, request.Muted);
        return new MuteTrackResponse { Track = ControlModels.Of(track) };
    }

    public override async Task<MoveParticipantResponse> MoveParticipant(MoveParticipantRequest request, ServerCallContext context)
    {
        await participants.MoveAsync(context.GetCaller().ApiKey, request.Room, request.Identity, request.DestinationRoom);
        return new MoveParticipantResponse();
    }

    public override async Task<ForwardParticipantResponse> ForwardParticipant(ForwardParticipantRequest request, ServerCallContext context)
    {
        ParticipantInfo shown =
            await participants.ForwardAsync(request.Room, request.Identity, request.DestinationRoom);
        return new ForwardParticipantResponse { Participant = ControlModels.Of(shown) };
    }

    public override async Task<StopForwardingResponse> StopForwarding(StopForwardingRequest request, ServerCallContext context)
    {
        await participants.StopForwardingAsync(request.Room, request.Identity, request.DestinationRoom);
        return new StopForwardingResponse();
    }

    public override async Task<SendDataResponse> SendData(SendDataRequest request, ServerCallContext context)
    {
        Sfu.Data.DataPacketKind kind = request.Kind switch
        {
            DataPacketKind.Unspecified or DataPacketKind.Reliable => Sfu.Data.DataPacketKind.Reliable,
            DataPacketKind.Lossy => Sfu.Data.DataPacketKind.Lossy,
            _ => throw Refusal.Invalid("kind", "kind is RELIABLE or LOSSY."),
        };
        var message = new DataMessage(kind, request.Data.Memory, request.Topic, [.. request.DestinationIdentities]);
        return new SendDataResponse { RecipientCount = await participants.SendDataAsync(request.Room, message) };
    }

    public override Task<CreateJoinTokenResponse> CreateJoinToken(CreateJoinTokenRequest request, ServerCallContext context)
    {
        var wanted = new JoinTokenRequest(
            request.Room,
            request.Identity,
            ControlChecks.Timeout(request.Lifetime, "lifetime"),
            request.Name,
            request.Metadata,
            request.Attributes.ToImmutableDictionary(),
            request.Permissions is null ? new ParticipantPermissions() : ControlModels.Read(request.Permissions));
        (string token, DateTimeOffset expires) = participants.CreateJoinToken(context.GetCaller().ApiKey, wanted);
        return Task.FromResult(new CreateJoinTokenResponse { Token = token, ExpireTime = Timestamp.FromDateTimeOffset(expires) });
    }
}
