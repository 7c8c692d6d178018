using Google.Protobuf;
using Google.Protobuf.Reflection;
using MediaGateway.Server.Auth;
using MediaGateway.V1;

namespace MediaGateway.Server.Admission;

/// <summary>A right that a method needs.</summary>
/// <param name="Right">The right.</param>
/// <param name="Field">The field of the request that names what the right has to be for; null when it is needed in any case.</param>
internal sealed record NeededRight(Right Right, FieldPath? Field)
{
    private static readonly string[] AnyCase = [""];

    /// <exception cref="InvalidOperationException">What the .proto file says makes no sense.</exception>
    public static NeededRight From(NeededGrant needed, MessageDescriptor request)
    {
        Right right = From(needed.Grant);
        if (needed.Field.Length == 0 && right is Right.DirectRoom or Right.FillRoom or Right.DirectStream)
            throw new InvalidOperationException($"{request.FullName} does not name what {needed.Grant} is for.");
        return new NeededRight(right, needed.Field.Length == 0 ? null : new FieldPath(request, needed.Field));
    }

    /// <exception cref="InvalidOperationException">No grant is said.</exception>
    public static Right From(Grant grant) => grant switch
    {
        Grant.RoomCreate => Right.CreateRooms,
        Grant.RoomList => Right.ListAll,
        Grant.Room => Right.DirectRoom,
        Grant.DestinationRoom => Right.FillRoom,
        Grant.LiveStream => Right.DirectStream,
        Grant.Node => Right.DirectNode,
        _ => throw new InvalidOperationException($"There is no grant {grant}."),
    };

    /// <summary>The names that a request needs the right for.</summary>
    public IEnumerable<string> NamesIn(IMessage request) => Field?.NamesIn(request) ?? AnyCase;
}
