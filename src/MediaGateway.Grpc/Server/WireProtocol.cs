namespace MediaGateway.Grpc.Server;

internal enum WireProtocol
{
    /// <summary>https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md</summary>
    Grpc,

    /// <summary>https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md</summary>
    GrpcWeb,

    /// <summary>The same in base64.</summary>
    GrpcWebText,

    /// <summary>https://connectrpc.com/docs/protocol: plain bodies.</summary>
    ConnectUnary,

    /// <summary>The same for streams: envelopes.</summary>
    ConnectStream,
}
