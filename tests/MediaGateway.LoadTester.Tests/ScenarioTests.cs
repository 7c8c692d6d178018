using MediaGateway.LoadTester.Scenarios;
using MediaGateway.Testing.Repository;

namespace MediaGateway.LoadTester.Tests;

public sealed class ScenarioTests
{
    [Fact]
    public void Every_scenario_of_the_repository_is_one()
    {
        string[] files = Directory.GetFiles(RepositoryFiles.PathOf("loadtests/MediaGateway.LoadTester/scenarios"), "*.json");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(Path.GetFileNameWithoutExtension(file), Scenario.Read(file).Name));
    }

    [Fact]
    public void Scenario_with_an_unknown_key_is_refused()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, """{ "name": "odd", "viewer": 3 }""");
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Scenario.Read(file));
        File.Delete(file);
        Assert.Contains("viewer", refusal.Message, StringComparison.Ordinal);
    }
}
