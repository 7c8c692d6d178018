using Google.Protobuf.Reflection;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Support;

/// <summary>The services of protos/mediagateway/v1, whatever their files.</summary>
internal static class ControlContracts
{
    public static IReadOnlyList<ServiceDescriptor> Services { get; } =
    [
        .. typeof(RoomsReflection).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(RoomsReflection).Namespace)
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!)
            .SelectMany(file => file.Services),
    ];

    public static IEnumerable<MethodDescriptor> Methods => Services.SelectMany(service => service.Methods);

    /// <summary>Returns a method's path, such as /mediagateway.v1.RoomService/CreateRoom.</summary>
    public static string PathOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}
