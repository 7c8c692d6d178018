namespace Grpc.Core;

/// <summary>A call ended, or is to end, with another status than OK.</summary>
public class RpcException(Status status, Metadata trailers, string message) : Exception(message)
{
    public RpcException(Status status)
        : this(status, [])
    {
    }

    public RpcException(Status status, string message)
        : this(status, [], message)
    {
    }

    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, $"Status(StatusCode=\"{status.StatusCode}\", Detail=\"{status.Detail}\")")
    {
    }

    public Status Status { get; } = status;

    public StatusCode StatusCode => Status.StatusCode;

    public Metadata Trailers { get; } = trailers;
}
