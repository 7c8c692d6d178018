using System.Reflection;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using MediaGateway.Server.Http;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>A method of a mapped gRPC service: its kind, and its messages from JSON and to it.</summary>
internal sealed class ConnectMethod(MethodDescriptor descriptor)
{
    public bool IsUnary { get; } = !descriptor.IsClientStreaming && !descriptor.IsServerStreaming;

    /// <summary>The method that protoc's generated code describes for an endpoint of a gRPC service.</summary>
    public static ConnectMethod Of(GrpcMethodMetadata endpoint)
    {
        Type generated = endpoint.ServiceType.GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)!.BindType;
        var service = (Google.Protobuf.Reflection.ServiceDescriptor)generated.GetProperty("Descriptor", BindingFlags.Public
            | BindingFlags.Static)!.GetValue(null)!;
        return new ConnectMethod(service.FindMethodByName(endpoint.Method.Name));
    }

    /// <summary>The request in protobuf's binary form.</summary>
    /// <param name="json">UTF-8; nothing at all stands for an empty message.</param>
    /// <exception cref="RpcException">The text is not the JSON of the method's request.</exception>
    public byte[] ReadRequest(byte[] json)
    {
        try
        {
            string text = json.Length == 0 ? "{}" : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(json);
            return ProtobufJson.Parse(text, descriptor.InputType).ToByteArray();
        }
        catch (Exception fault) when (MalformedMessages.IsFault(fault))
        {
            throw new RpcException(
                new Status(StatusCode.InvalidArgument, $"The request is not the JSON of {descriptor.InputType.FullName}: {fault.Message}"));
        }
    }

    /// <summary>The answer as JSON in UTF-8.</summary>
    public byte[] WriteResponse(ReadOnlySpan<byte> message) =>
        Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(descriptor.OutputType.Parser.ParseFrom(message)));
}
