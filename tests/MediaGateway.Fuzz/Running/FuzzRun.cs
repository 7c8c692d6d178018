using System.Diagnostics;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Running;

/// <summary>
/// One target fed its seeds, its corpus and mutations of both, until it breaks or the time or the number is up. The
/// inputs depend on the seed and the target alone, so a run can be repeated for one target.
/// </summary>
/// <param name="target">What to feed.</param>
/// <param name="corpus">Where its inputs are.</param>
/// <param name="seed">All chance comes from it.</param>
public sealed class FuzzRun(IFuzzTarget target, Corpus corpus, int seed)
{
    private volatile byte[] _current = [];
    private long _startedAt;

    /// <summary>Inputs run so far.</summary>
    public long Count { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    public string Target => target.Name;

    public int Seed => seed;

    /// <summary>The input that is being run: that of a hang, or of a failure.</summary>
    public byte[] Current => _current;

    /// <summary>Time for which <see cref="Current"/> has been running. Another thread may read it.</summary>
    public TimeSpan CurrentElapsed
    {
        get
        {
            long startedAt = Volatile.Read(ref _startedAt);
            return startedAt == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(startedAt);
        }
    }

    /// <summary>Runs for the given time, but all seeds and corpus files at least; null when nothing broke.</summary>
    public Exception? ForTime(TimeSpan time) => Run((_, elapsed) => elapsed < time);

    /// <summary>Runs the seeds, the corpus and so many mutations; null when nothing broke.</summary>
    public Exception? ForMutations(int mutations) => Run((mutation, _) => mutation < mutations);

    private Exception? Run(Func<int, TimeSpan, bool> goesOn)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            IReadOnlyList<byte[]> inputs = corpus.InputsOf(target);
            foreach (byte[] input in inputs)
                RunOne(input);
            if (inputs.Count == 0)
                return new InvalidOperationException("The target has no seeds.");
            var mutator = new Mutator(inputs, seed ^ StableHash(target.Name));
            for (int mutation = 0; goesOn(mutation, Stopwatch.GetElapsedTime(start)); mutation++)
                RunOne(mutator.Next());
            return null;
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // Whatever a target throws is what the run is looking for.
            return broken;
        }
        finally
        {
            Volatile.Write(ref _startedAt, 0);
            Elapsed = Stopwatch.GetElapsedTime(start);
        }
    }

    private void RunOne(byte[] input)
    {
        _current = input;
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        target.Run(input);
        Count++;
    }

    private static int StableHash(string text) => text.Aggregate(17, (hash, character) => unchecked(hash * 31 + character));
}
