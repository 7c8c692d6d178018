namespace Grpc.Core;

/// <summary>Which side sends more than one message.</summary>
public enum MethodType
{
    Unary,
    ClientStreaming,
    ServerStreaming,
    DuplexStreaming,
}
