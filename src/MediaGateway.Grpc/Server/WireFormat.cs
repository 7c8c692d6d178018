namespace MediaGateway.Grpc.Server;

/// <summary>How a call is spoken, by its content type.</summary>
/// <param name="Protocol">Framing and errors.</param>
/// <param name="IsJson">Messages are JSON, not protobuf.</param>
internal readonly record struct WireFormat(WireProtocol Protocol, bool IsJson)
{
    private static readonly (string Type, WireFormat Format)[] Known =
    [
        ("application/grpc", new(WireProtocol.Grpc, false)),
        ("application/grpc+proto", new(WireProtocol.Grpc, false)),
        ("application/grpc+json", new(WireProtocol.Grpc, true)),
        ("application/grpc-web", new(WireProtocol.GrpcWeb, false)),
        ("application/grpc-web+proto", new(WireProtocol.GrpcWeb, false)),
        ("application/grpc-web-text", new(WireProtocol.GrpcWebText, false)),
        ("application/grpc-web-text+proto", new(WireProtocol.GrpcWebText, false)),
        ("application/proto", new(WireProtocol.ConnectUnary, false)),
        ("application/json", new(WireProtocol.ConnectUnary, true)),
        ("application/connect+proto", new(WireProtocol.ConnectStream, false)),
        ("application/connect+json", new(WireProtocol.ConnectStream, true)),
    ];

    public bool IsConnect => Protocol is WireProtocol.ConnectUnary or WireProtocol.ConnectStream;

    public bool IsWeb => Protocol is WireProtocol.GrpcWeb or WireProtocol.GrpcWebText;

    public static bool TryParse(string? contentType, out WireFormat format)
    {
        ReadOnlySpan<char> type = contentType;
        int parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        foreach ((string known, WireFormat candidate) in Known)
        {
            if (!type.Equals(known, StringComparison.OrdinalIgnoreCase))
                continue;
            format = candidate;
            return true;
        }
        format = default;
        return false;
    }
}
