using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Docs;

public sealed partial class ControlApiDocumentTests
{
    private const string Document = "docs/control-api.md";

    [Fact]
    public void Document_lists_exactly_the_methods_of_the_contracts()
    {
        IEnumerable<string> served = new FileDescriptor[]
        {
            RoomsReflection.Descriptor, ParticipantsReflection.Descriptor, TracksReflection.Descriptor, LiveStreamsReflection.Descriptor,
            EventsReflection.Descriptor, StatsReflection.Descriptor, NodeReflection.Descriptor,
        }
            .SelectMany(file => file.Services)
            .Select(service => $"{service.Name}: {string.Join(", ", service.Methods.Select(method => method.Name))}");

        Assert.Equal(served, ServiceRow().Matches(RepositoryFiles.Read(Document)).Select(match =>
            $"{match.Groups["service"].Value}: {match.Groups["methods"].Value.Replace("`", "", StringComparison.Ordinal)}"));
    }

    [Fact]
    public void Example_in_csharp_is_the_one_that_the_tests_run()
    {
        string documented = CSharpBlock().Match(RepositoryFiles.Read(Document)).Groups["code"].Value;
        string source = RepositoryFiles.Read("tests/MediaGateway.Server.Tests/Control/DocumentedExampleTests.cs");
        string indented = string.Concat(documented.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"        {line}\n"));
        Assert.Contains(indented, source, StringComparison.Ordinal);
    }

    [Fact]
    public void Example_of_the_client_is_the_one_that_is_built_on_its_package() => Assert.Equal(
        RepositoryFiles.Read("docs/examples/client/Program.cs"),
        CSharpBlock().Match(RepositoryFiles.Read("docs/client.md")).Groups["code"].Value);

    [GeneratedRegex(@"^\| `(?<service>\w+Service)` \| (?<methods>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex ServiceRow();

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
