namespace Grpc.Core;

public interface IMethod
{
    public MethodType Type { get; }

    public string ServiceName { get; }

    public string Name { get; }

    /// <summary>The HTTP path: <c>/service/name</c>.</summary>
    public string FullName { get; }
}
