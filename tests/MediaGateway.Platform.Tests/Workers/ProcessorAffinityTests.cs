using MediaGateway.Platform.Workers;

namespace MediaGateway.Platform.Tests.Workers;

public sealed class ProcessorAffinityTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1_024)]
    [InlineData(int.MaxValue)]
    public void What_is_no_processor_may_not_be_used(int processor)
    {
        Assert.False(ProcessorAffinity.MayUse(processor));
        Assert.Throws<InvalidOperationException>(() => ProcessorAffinity.KeepTo(processor));
    }

    /// <summary>The pool starts threads from wherever it finds that it has too few, a worker's thread among them.</summary>
    [Fact]
    public void Threads_that_such_a_thread_starts_may_run_anywhere()
    {
        if (!OperatingSystem.IsLinux())
            return;
        int[] before = Usable(), inside = [], child = [];
        var thread = new Thread(() =>
        {
            ProcessorAffinity.KeepTo(before[0]);
            inside = Usable();
            var started = new Thread(() => child = Usable());
            started.Start();
            started.Join();
        });
        thread.Start();
        thread.Join();

        Assert.Equal([before[0]], inside);
        Assert.Equal(before, child);
    }

    /// <summary>Processors that the calling thread may use.</summary>
    internal static int[] Usable() => [.. Enumerable.Range(0, 1024).Where(ProcessorAffinity.MayUse)];
}
