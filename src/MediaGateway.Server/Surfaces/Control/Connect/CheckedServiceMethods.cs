using System.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using MediaGateway.Server.Http;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>
/// The methods of a gRPC service for the routes, as gRPC's own provider finds them, with one thing added: bytes that are no request are
/// the caller's fault, INVALID_ARGUMENT, where gRPC's server answers UNKNOWN as for a bug. It reads them before any interceptor runs.
/// </summary>
/// <typeparam name="TService">The class that serves the calls.</typeparam>
internal sealed class CheckedServiceMethods<TService> : IServiceMethodProvider<TService>
    where TService : class
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TService> context)
    {
        if (typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true) is not { } generated)
            return;
        // One takes an implementation and returns a definition; the one that is meant calls the binder for each method.
        MethodInfo bind = generated.BindType.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Single(method => method.Name == generated.BindMethodName && method.GetParameters().Length == 2);
        bind.Invoke(null, [new Binder(context), null]);
    }

    private sealed class Binder(ServiceMethodProviderContext<TService> context) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        {
            (UnaryServerMethod<TService, TRequest, TResponse> call, List<object> metadata) =
                Find<UnaryServerMethod<TService, TRequest, TResponse>>(method.Name, typeof(TRequest));
            context.AddUnaryMethod(Checked(method), metadata, call);
        }

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        {
            (ClientStreamingServerMethod<TService, TRequest, TResponse> call, List<object> metadata) =
                Find<ClientStreamingServerMethod<TService, TRequest, TResponse>>(method.Name, typeof(IAsyncStreamReader<TRequest>));
            context.AddClientStreamingMethod(Checked(method), metadata, call);
        }

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        {
            (ServerStreamingServerMethod<TService, TRequest, TResponse> call, List<object> metadata) =
                Find<ServerStreamingServerMethod<TService, TRequest, TResponse>>(
                    method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>));
            context.AddServerStreamingMethod(Checked(method), metadata, call);
        }

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        {
            (DuplexStreamingServerMethod<TService, TRequest, TResponse> call, List<object> metadata) =
                Find<DuplexStreamingServerMethod<TService, TRequest, TResponse>>(
                    method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>));
            context.AddDuplexStreamingMethod(Checked(method), metadata, call);
        }

        /// <summary>The service's own method, and the attributes that routing goes by.</summary>
        private static (TDelegate Call, List<object> Metadata) Find<TDelegate>(string name, params Type[] parameters)
            where TDelegate : Delegate
        {
            MethodInfo method =
                typeof(TService).GetMethod(name, BindingFlags.Public | BindingFlags.Instance, [.. parameters, typeof(ServerCallContext)])
                ?? throw new InvalidOperationException($"{typeof(TService)} has no method {name}.");
            return (method.CreateDelegate<TDelegate>(),
                [.. typeof(TService).GetCustomAttributes(inherit: true), .. method.GetCustomAttributes(inherit: true)]);
        }

        private static Method<TRequest, TResponse> Checked<TRequest, TResponse>(Method<TRequest, TResponse> method)
        {
            Func<DeserializationContext, TRequest> read = method.RequestMarshaller.ContextualDeserializer;
            Marshaller<TRequest> marshaller = Marshallers.Create(method.RequestMarshaller.ContextualSerializer, context =>
            {
                try
                {
                    return read(context);
                }
                catch (Exception fault) when (MalformedMessages.IsFault(fault))
                {
                    throw new RpcException(
                        new Status(StatusCode.InvalidArgument, $"The request is not the protobuf of {method.FullName}'s request."));
                }
            });
            return new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, marshaller, method.ResponseMarshaller);
        }
    }
}
