// Latency that a target adds between a datagram in and the datagram out, beside a bare echo's in the same run.
// Targets: the bare echo, the datapath with a handler that only answers (both engines), and the whole gateway.
// Usage: MediaGateway.LatencyBench [datagrams per target, 12000] [datagrams per second, 5000]
// Rounds alternate between the targets, so that a busy machine is equally unfair to all. The default takes about
// 15 seconds; on a machine too busy for that, rounds are left out. Only the ratios mean anything elsewhere.

using System.Diagnostics;
using System.Globalization;
using MediaGateway.LatencyBench;
using MediaGateway.Platform.Datapath.Udp;

const int Rounds = 12;
TimeSpan limit = TimeSpan.FromSeconds(20);
long start = Stopwatch.GetTimestamp();
int datagrams = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 12_000;
int rate = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000;

using BareEchoTarget bare = new();
using DatapathTarget native = new(DatapathEngine.Automatic);
using DatapathTarget portable = new(DatapathEngine.Portable);
using GatewayTarget gateway = new(DatapathEngine.Automatic);
LatencyProbe[] probes = [.. new ILatencyTarget[] { bare, native, portable, gateway }.Select(target => new LatencyProbe(target, rate))];

// Compiled code reaches its last tier before anything counts.
foreach (LatencyProbe probe in probes)
    probe.Run(datagrams / Rounds * 2, record: false);
for (int round = 0; round < Rounds && Stopwatch.GetElapsedTime(start) < limit; round++)
{
    foreach (LatencyProbe probe in probes)
        probe.Run(datagrams / Rounds, record: true);
}

LatencySamples yardstick = probes[0].Latencies;
Console.WriteLine($"{"1,200-byte datagrams",-22}{"median us",12}{"p99 us",12}{"p99.9 us",12}{"x median",10}{"x p99",10}{"lost",8}");
foreach (LatencyProbe probe in probes)
{
    LatencySamples samples = probe.Latencies;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{probe.Target.Name,-22}{Microseconds(0.5),12:F1}{Microseconds(0.99),12:F1}{Microseconds(0.999),12:F1}{Ratio(0.5),10:F2}{Ratio(0.99),10:F2}{probe.Lost,8}"));

    double Microseconds(double fraction) => samples.Percentile(fraction).TotalMicroseconds;
    double Ratio(double fraction) => Microseconds(fraction) / yardstick.Percentile(fraction).TotalMicroseconds;
}
