using MediaGateway.Fuzz.Running;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Rtc.Tests.Fuzzing;

public sealed class FuzzRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public void Input_that_breaks_the_target_is_found_and_named()
    {
        var run = new FuzzRun(new Brittle(), new Corpus(_folder.FullName), seed: 1);

        Exception? broken = run.ForMutations(100_000);

        Assert.IsType<InvalidOperationException>(broken);
        Assert.True(Brittle.Breaks(run.Current));
        Assert.Equal(run.Current, File.ReadAllBytes(new Corpus(_folder.FullName).AddCrash(run.Target, run.Current)));
    }

    [Fact]
    public void Kept_crash_breaks_the_next_run_at_once()
    {
        var corpus = new Corpus(_folder.FullName);
        corpus.AddCrash("brittle", [0, 0, 0xFF, 0xFF]);
        var run = new FuzzRun(new Brittle(), corpus, seed: 1);

        Assert.NotNull(run.ForMutations(0));
        Assert.Equal(1, run.Count); // the one seed passed
    }

    [Fact]
    public void Time_that_is_up_ends_the_run_after_all_seeds()
    {
        var run = new FuzzRun(new Sturdy(), new Corpus(_folder.FullName), seed: 1);

        Assert.Null(run.ForTime(TimeSpan.Zero));
        Assert.Equal(2, run.Count);
    }

    [Fact]
    public void Target_without_seeds_is_refused() =>
        Assert.NotNull(new FuzzRun(new Sturdy(seeds: 0), new Corpus(_folder.FullName), seed: 1).ForMutations(10));

    [Fact]
    public void Same_seed_makes_the_same_inputs()
    {
        byte[][] inputs = [[1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11]];
        var mutator = new Mutator(inputs, seed: 7);
        var same = new Mutator(inputs, seed: 7);
        var other = new Mutator(inputs, seed: 8);
        byte[][] made = [.. Enumerable.Range(0, 100).Select(_ => mutator.Next())];

        Assert.Equal(made, Enumerable.Range(0, 100).Select(_ => same.Next()));
        Assert.NotEqual(made, Enumerable.Range(0, 100).Select(_ => other.Next()));
    }

    [Fact]
    public void Mutations_leave_the_seeds_as_they_are()
    {
        byte[] seed = [1, 2, 3, 4];
        var mutator = new Mutator([seed, []], seed: 1);
        for (int i = 0; i < 1000; i++)
            mutator.Next();

        Assert.Equal([1, 2, 3, 4], seed);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class Brittle : IFuzzTarget
    {
        public string Name => "brittle";

        public IEnumerable<byte[]> Seeds => [[1, 2, 3, 4]];

        public static bool Breaks(ReadOnlySpan<byte> input) => input.Length >= 4 && input[^2] == 0xFF && input[^1] == 0xFF;

        public void Run(ReadOnlySpan<byte> input)
        {
            if (Breaks(input))
                throw new InvalidOperationException("broken");
        }
    }

    private sealed class Sturdy(int seeds = 2) : IFuzzTarget
    {
        public string Name => "sturdy";

        public IEnumerable<byte[]> Seeds => Enumerable.Repeat(new byte[] { 1, 2 }, seeds);

        public void Run(ReadOnlySpan<byte> input)
        {
        }
    }
}
