using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Server.Twirp.Messages;
using CreateRoomRequest = MediaGateway.V1.CreateRoomRequest;
using ListRoomsResponse = MediaGateway.V1.ListRoomsResponse;
using Room = MediaGateway.V1.Room;

namespace MediaGateway.Server.Tests.Admission;

public sealed partial class RedactedRequestTests
{
    [Fact]
    public void Redacted_fields_are_left_out_also_of_messages_within() => Assert.Equal(
        """{ "rooms": [ { "name": "stage" } ] }""",
        RedactedRequest.Describe(new ListRoomsResponse { Rooms = { new Room { Name = "stage", Metadata = "private" } } }));

    [Fact]
    public void Request_itself_stays_as_it_is()
    {
        var request = new CreateRoomRequest { Name = "stage", Metadata = "private" };
        Assert.Equal("""{ "name": "stage" }""", RedactedRequest.Describe(request));
        Assert.Equal("private", request.Metadata);
    }

    [Fact]
    public void Duration_that_is_none_is_described_all_the_same() => Assert.Contains(
        "\"nanos\": -1",
        RedactedRequest.Describe(new CreateRoomRequest { EmptyTimeout = new Duration { Seconds = 1, Nanos = -1 } }),
        StringComparison.Ordinal);

    /// <summary>Fields whose names promise content or a credential are declared redacted, in LiveKit's messages too.</summary>
    [Fact]
    public void Every_field_that_holds_content_or_a_credential_is_redacted()
    {
        FieldDescriptor[] fields = [.. ControlContracts.Methods.Concat(RoomServiceReflection.Descriptor.Services.Single().Methods)
            .SelectMany(method => FieldsOf(method.InputType, [])).Distinct()];
        Assert.NotEmpty(fields);
        Assert.Empty(fields.Where(field => Private().IsMatch(field.Name) != RedactedRequest.IsRedacted(field))
            .Select(field => field.FullName));
        // Maps are written or left out as a whole.
        Assert.DoesNotContain(fields, field => field.IsMap && field.MessageType.FindFieldByName("value").FieldType == FieldType.Message);
    }

    private static IEnumerable<FieldDescriptor> FieldsOf(MessageDescriptor message, HashSet<MessageDescriptor> seen) => seen.Add(message)
        ? message.Fields.InDeclarationOrder().SelectMany(field => field is { FieldType: FieldType.Message, IsMap: false }
            ? FieldsOf(field.MessageType, seen).Prepend(field)
            : [field])
        : [];

    /// <summary>The tokens of pages and of watches are places in a list, and open nothing.</summary>
    [GeneratedRegex("^(data|metadata|attributes|.*(secret|password|credentials?|api_?key|url)|(?!page_|resume_).*token)$")]
    private static partial Regex Private();
}
