using MediaGateway.Fuzz.Running;
using MediaGateway.Fuzz.Targets;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Rtc.Tests.Fuzzing;

/// <summary>Every target over its seeds, its corpus, which holds whatever once broke it, and some mutations.</summary>
public sealed class FuzzTargetTests
{
    private const int Mutations = 500;
    private const int Seed = 20261122;

    public static TheoryData<string> Names => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Target_survives_seeds_corpus_and_mutations(string name)
    {
        IFuzzTarget target = FuzzTargets.Create(name);
        using var disposable = target as IDisposable;
        var run = new FuzzRun(target, Corpus.OfRepository, Seed);

        Exception? broken = run.ForMutations(Mutations);

        Assert.True(broken is null, $"{name} broke at input {run.Count + 1} of seed {Seed}: {Convert.ToHexString(run.Current)}\n{broken}");
        Assert.True(run.Count > Mutations);
    }

    [Fact]
    public void Seeds_of_the_worker_reach_its_viewer()
    {
        var target = new MediaWorkerFuzzTarget();
        foreach (byte[] seed in target.Seeds)
            target.Run(seed);

        Assert.InRange(target.Delivered, 10, int.MaxValue);
    }

    [Fact]
    public void Corpus_has_no_folder_without_a_target()
    {
        string folder = Testing.Repository.RepositoryFiles.PathOf("tests/MediaGateway.Fuzz/Corpus");
        IEnumerable<string?> folders = Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(Path.GetFileName) : [];
        Assert.Empty(folders.Except(FuzzTargets.Names));
    }
}
