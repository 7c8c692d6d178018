using System.Collections.Frozen;
using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.V1;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace MediaGateway.Server.Admission;

/// <summary>
/// The needs of a method, as its .proto file says them (protos/mediagateway/v1/access.proto): the rights of its caller, and whether it is a
/// command. Each endpoint has them as metadata; one that has none answers nobody.
/// </summary>
internal sealed class MethodAccess
{
    private readonly ImmutableArray<NeededRight> _rights;
    private readonly Right? _instead;
    private readonly FieldDescriptor? _requestId;

    private MethodAccess(MethodDescriptor method, MethodNeeds needs, string path)
    {
        Path = path;
        IsCommand = method.GetOptions()?.IdempotencyLevel != MethodOptions.Types.IdempotencyLevel.NoSideEffects;
        IsOpenWhileDraining = needs.WhileDraining;
        _rights = [.. needs.Grants.Select(needed => NeededRight.From(needed, method.InputType))];
        _instead = needs.Instead == Grant.Unspecified ? null : NeededRight.From(needs.Instead);
        _requestId = method.InputType.FindFieldByName("request_id");
    }

    /// <summary>The method's path, for example <c>/mediagateway.v1.RoomService/CreateRoom</c>.</summary>
    public string Path { get; }

    /// <summary>True when the method may change something.</summary>
    public bool IsCommand { get; }

    /// <summary>True for a command that is carried out while the gateway drains.</summary>
    public bool IsOpenWhileDraining { get; }

    /// <summary>The needs of a service's methods, by path.</summary>
    /// <param name="service">The service.</param>
    /// <param name="name">The name that it is called by.</param>
    /// <exception cref="InvalidOperationException">A method does not say what it needs, or says what makes no sense.</exception>
    public static FrozenDictionary<string, MethodAccess> OfService(ServiceDescriptor service, string name) => service.Methods
        .Select(method => Of(method, $"/{name}/{method.Name}"))
        .ToFrozenDictionary(static method => method.Path, StringComparer.Ordinal);

    /// <summary>The id that makes the request repeatable; empty when there is none.</summary>
    public string RequestIdOf(IMessage request) => _requestId?.Accessor.GetValue(request) as string ?? "";

    /// <summary>Refuses unless the caller has the rights that the method needs for what the request names.</summary>
    /// <exception cref="ContractException"><see cref="ErrorCode.NotGranted"/>.</exception>
    public void Require(Caller caller, IMessage request)
    {
        if (_instead is { } instead && caller.Has(instead))
            return;
        bool isNothingNamed = true;
        foreach (NeededRight needed in _rights)
        {
            foreach (string name in needed.NamesIn(request))
            {
                caller.Require(needed.Right, name);
                isNothingNamed = false;
            }
        }
        if (isNothingNamed)
            caller.Require(_instead ?? _rights[0].Right);
    }

    private static MethodAccess Of(MethodDescriptor method, string path)
    {
        MethodNeeds? needs = method.GetOptions()?.GetExtension(AccessExtensions.Needs);
        if (needs is null || needs.Grants.Count == 0)
            throw new InvalidOperationException($"{method.FullName} does not say what it needs: give it the option mediagateway.v1.needs.");
        var access = new MethodAccess(method, needs, path);
        // What is written to the audit log, and repeatable, is one request with one answer.
        if (method.IsClientStreaming || (method.IsServerStreaming && access.IsCommand))
            throw new InvalidOperationException($"{method.FullName} is a stream, and so must be a question without side effects.");
        return access;
    }
}
