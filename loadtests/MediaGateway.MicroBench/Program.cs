// Times of the datapath's parts as ratios to a copy of 1,200 bytes in the same run, and the bytes that they allocate.
// Usage: MediaGateway.MicroBench [only benchmarks with this in their name]

using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MediaGateway.MicroBench;
using MediaGateway.Testing.Repository;
using Perfolizer.Horology;

// In this process: for one of its own BenchmarkDotNet would build the repository again, which takes longer than the run.
Job job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(4)
    .WithIterationCount(20)
    .WithIterationTime(TimeInterval.FromMilliseconds(50));
IConfig config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(TargetMethodColumn.Type, TargetMethodColumn.Method, StatisticColumn.Mean, StatisticColumn.Min, StatisticColumn.Max)
    .AddColumn(BaselineRatioColumn.RatioMean, BaselineRatioColumn.RatioStdDev, new LeastRatioColumn())
    .AddColumnProvider(DefaultColumnProviders.Metrics)
    .AddLogger(ConsoleLogger.Default)
    .WithOrderer(new TypeOrderer())
    .WithArtifactsPath(RepositoryFiles.PathOf("artifacts/micro-bench"))
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
string[] filter = args.Length == 0 ? ["*"] : [$"*{nameof(ReferenceBenchmarks)}*", $"*{args[0]}*"];
BenchmarkSwitcher.FromAssembly(typeof(ReferenceBenchmarks).Assembly).Run(["--filter", .. filter], config);
