"""What a back end in Python does with the control API. Arguments: the gateway's address and a token."""

import sys

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from mediagateway.v1 import (events_pb2, events_pb2_grpc, live_streams_pb2, live_streams_pb2_grpc,
                             participants_pb2, participants_pb2_grpc, rooms_pb2, rooms_pb2_grpc)



def reason(error):
    """The stable code of a refusal."""
    bytes_of = dict(error.trailing_metadata())["grpc-status-details-bin"]
    for detail in status_pb2.Status.FromString(bytes_of).details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return f"{info.domain}/{info.reason}"
    raise AssertionError("it says no reason")


def refusal(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("it was not refused")


def main(address, token):
    bearer = (("authorization", f"Bearer {token}"),)
    with grpc.insecure_channel(address) as channel:
        rooms = rooms_pb2_grpc.RoomServiceStub(channel)
        answer = rooms.CreateRoom(
            rooms_pb2.CreateRoomRequest(name="python", metadata="é", max_participants=4, empty_timeout=Duration(seconds=90)), metadata=bearer)
        assert answer.created and answer.room.metadata == "é" and answer.room.empty_timeout.seconds == 90, answer
        unknown = refusal(lambda: rooms.GetRoom(rooms_pb2.GetRoomRequest(name="none"), metadata=bearer))
        assert (unknown.code(), reason(unknown)) == (grpc.StatusCode.NOT_FOUND, "mediagateway/ROOM_NOT_FOUND"), unknown
        assert refusal(lambda: rooms.ListRooms(rooms_pb2.ListRoomsRequest())).code() == grpc.StatusCode.UNAUTHENTICATED

        participants = participants_pb2_grpc.ParticipantServiceStub(channel)
        join = participants.CreateJoinToken(participants_pb2.CreateJoinTokenRequest(room="python", identity="ada"), metadata=bearer)
        assert join.token.count(".") == 2, join

        streams = live_streams_pb2_grpc.LiveStreamServiceStub(channel)
        slate = live_streams_pb2.SourceSpec(id="bars", slate=live_streams_pb2.SlateSource())
        show = streams.CreateLiveStream(live_streams_pb2.CreateLiveStreamRequest(name="show", sources=[slate]), metadata=bearer).live_stream
        assert [source.spec.id for source in show.sources] == ["publisher", "bars"], show
        assert refusal(lambda: streams.Cut(live_streams_pb2.CutRequest(live_stream="show"), metadata=bearer)).code() == grpc.StatusCode.FAILED_PRECONDITION

        events = events_pb2_grpc.EventServiceStub(channel)
        watch = events.Watch(events_pb2.WatchRequest(rooms=["python"]), metadata=bearer, timeout=20)
        assert next(watch).snapshot_part.rooms[0].name == "python"
        rooms.DeleteRoom(rooms_pb2.DeleteRoomRequest(name="python"), metadata=bearer)
        removed = next(event for event in watch if event.WhichOneof("event") == "room_removed")
        assert removed.room_removed.sid == answer.room.sid, removed
        watch.cancel()
        late = events.Watch(events_pb2.WatchRequest(), metadata=bearer, timeout=0.5)
        assert refusal(lambda: list(late)).code() == grpc.StatusCode.DEADLINE_EXCEEDED


if __name__ == "__main__":
    main(*sys.argv[1:])
    print("all is well")
