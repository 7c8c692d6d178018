using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace MediaGateway.Grpc.Server;

/// <summary>What protoc generated for a service that a type implements.</summary>
/// <param name="Descriptor">Its description.</param>
/// <param name="BindMethod">Tells a binder its methods.</param>
internal sealed record GeneratedService(ServiceDescriptor Descriptor, MethodInfo BindMethod)
{
    /// <exception cref="InvalidOperationException">The type derives from no generated base class.</exception>
    public static GeneratedService Of(Type service)
    {
        BindServiceMethodAttribute attribute = service.GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{service.Name} derives from no generated service.");
        MethodInfo bind = attribute.BindType.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Single(method => method.Name == attribute.BindMethodName && method.GetParameters() is [{ ParameterType: { } first }, _] && first == typeof(ServiceBinderBase));
        var descriptor = (ServiceDescriptor)attribute.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        return new GeneratedService(descriptor, bind);
    }

    public void Bind(ServiceBinderBase binder) => BindMethod.Invoke(null, [binder, null]);
}
