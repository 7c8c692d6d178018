using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace MediaGateway.Grpc.Server;

/// <summary>Answers reflection's questions about the services that have been mapped.</summary>
internal sealed class DescriptorIndex
{
    private readonly ServiceRegistry _registry;
    private readonly Lazy<ImmutableDictionary<string, FileDescriptor>> _files;
    private readonly Lazy<ImmutableDictionary<string, FileDescriptor>> _symbols;

    public DescriptorIndex(ServiceRegistry registry)
    {
        _registry = registry;
        _files = new(() => FindFiles().DistinctBy(file => file.Name).ToImmutableDictionary(file => file.Name));
        _symbols = new(() => _files.Value.Values
            .SelectMany(file => SymbolsOf(file).Select(symbol => (symbol, file)))
            .DistinctBy(pair => pair.symbol)
            .ToImmutableDictionary(pair => pair.symbol, pair => pair.file));
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse { Service = { _registry.Services.Select(service => new ServiceResponse { Name = service.FullName }) } };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename when _files.Value.TryGetValue(request.FileByFilename, out FileDescriptor? file):
                response.FileDescriptorResponse = WithImports(file);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol when _symbols.Value.TryGetValue(request.FileContainingSymbol, out FileDescriptor? file):
                response.FileDescriptorResponse = WithImports(file);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when _symbols.Value.ContainsKey(request.AllExtensionNumbersOfType):
                response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.None:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks for nothing.");
                break;
            default:
                response.ErrorResponse = Error(StatusCode.NotFound, "There is no such file or symbol.");
                break;
        }
        return response;
    }

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };

    private static FileDescriptorResponse WithImports(FileDescriptor file)
    {
        List<FileDescriptor> files = [];
        Collect(file, files);
        return new FileDescriptorResponse { FileDescriptorProto = { files.Select(each => each.SerializedData) } };
    }

    private static void Collect(FileDescriptor file, List<FileDescriptor> files)
    {
        if (files.Contains(file))
            return;
        files.Add(file);
        foreach (FileDescriptor import in file.Dependencies)
            Collect(import, files);
    }

    private List<FileDescriptor> FindFiles()
    {
        List<FileDescriptor> files = [];
        foreach (ServiceDescriptor service in _registry.Services)
            Collect(service.File, files);
        return files;
    }

    private static IEnumerable<string> SymbolsOf(FileDescriptor file)
    {
        IEnumerable<string> services = file.Services.SelectMany(service => service.Methods.Select(method => method.FullName).Append(service.FullName));
        return [.. services, .. file.MessageTypes.SelectMany(SymbolsOf), .. file.EnumTypes.Select(type => type.FullName)];
    }

    private static IEnumerable<string> SymbolsOf(MessageDescriptor message) =>
    [
        message.FullName,
        .. message.NestedTypes.SelectMany(SymbolsOf),
        .. message.EnumTypes.Select(type => type.FullName),
    ];
}
