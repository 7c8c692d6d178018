namespace Grpc.AspNetCore.Server;

/// <summary>Bounds and behaviour of all services.</summary>
public class GrpcServiceOptions
{
    /// <summary>Bytes of one message, after decompression; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bytes of one message; null for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Whether clients are told what a handler threw.</summary>
    public bool? EnableDetailedErrors { get; set; }

    public InterceptorCollection Interceptors { get; } = [];
}
