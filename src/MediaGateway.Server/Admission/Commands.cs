using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MediaGateway.V1;

namespace MediaGateway.Server.Admission;

/// <summary>
/// Set of the methods that change something: all that do not declare, in their .proto file, that they have no side effects.
/// </summary>
internal static class Commands
{
    private static readonly FrozenSet<string> Paths = new[]
    {
        RoomsReflection.Descriptor, ParticipantsReflection.Descriptor, TracksReflection.Descriptor, LiveStreamsReflection.Descriptor,
            NodeReflection.Descriptor, EventsReflection.Descriptor, StatsReflection.Descriptor,
    }
        .SelectMany(file => file.Services)
        .SelectMany(service => service.Methods)
        .Where(method => method.GetOptions()?.IdempotencyLevel != MethodOptions.Types.IdempotencyLevel.NoSideEffects)
        .Select(method => $"/{method.Service.FullName}/{method.Name}")
        .ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string path) => Paths.Contains(path);

    /// <summary>Empty for requests that have none.</summary>
    public static string RequestIdOf(IMessage request) =>
        request.Descriptor.FindFieldByName("request_id")?.Accessor.GetValue(request) as string ?? "";
}
