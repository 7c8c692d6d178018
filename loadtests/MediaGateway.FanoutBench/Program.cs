// CPU time of the gateway's workers per packet that it delivers, from one publisher to many viewers, beside a floor that only
// encrypts and sends the same packets to as many sockets; each with and without UDP segmentation. With two workers half of the
// viewers are on each, and the time is that of both; the load is that of the busier one.
// Usage: MediaGateway.FanoutBench [viewers, 10,50,100,200] [seconds a measure, 4] [rounds, 3] [datagrams gathered, 256]
// [targets, gateway/floor: those whose names begin with one of these]
// Rounds alternate between the targets, so that a busy machine is equally unfair to all. Medians, with the least and the most.

using System.Globalization;
using MediaGateway.FanoutBench;

int[] viewers = [.. (args.Length > 0 ? args[0] : "10,50,100,200").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
TimeSpan duration = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 4);
int rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 3;
int batch = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 256;
string[] wanted = (args.Length > 4 ? args[4] : "gateway/floor").Split('/');
(string Name, Func<int, IFanout> Create)[] all =
[
    ("gateway, segmented", count => new GatewayFanout(count, batch, isSegmenting: true)),
    ("gateway, one by one", count => new GatewayFanout(count, batch, isSegmenting: false)),
    ("two workers", count => new GatewayFanout(count, batch, isSegmenting: true, workers: 2)),
    ("two workers, pinned", count => new GatewayFanout(count, batch, isSegmenting: true, workers: 2, isPinned: true)),
    ("floor, segmented", count => new FloorFanout(count, batch, isSegmenting: true)),
    ("floor, one by one", count => new FloorFanout(count, batch, isSegmenting: false)),
];
(string Name, Func<int, IFanout> Create)[] settings =
    [.. all.Where(setting => wanted.Any(name => setting.Name.StartsWith(name, StringComparison.Ordinal)))];

Console.WriteLine(
    $"{Fanout.PacketsPerFrame} packets of 1,200 bytes {Fanout.FramesPerSecond} times a second, {duration.TotalSeconds:F0} s a measure");
Console.WriteLine($"{"target",-22}{"viewers",8}{"us a packet",14}{"least-most",16}{"load %",8}{"packets",10}{"lost",8}");
foreach (int count in viewers)
{
    var measured = settings.ToDictionary(setting => setting.Name, _ => new List<FanoutResult>());
    for (int round = 0; round < rounds; round++)
    {
        foreach ((string name, Func<int, IFanout> create) in settings)
        {
            using IFanout target = create(count);
            measured[name].Add(Fanout.Measure(target, duration));
        }
    }
    foreach ((string name, List<FanoutResult> results) in measured)
    {
        double[] costs = [.. results.Select(result => result.MicrosecondsPerPacket).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-22}{count,8}{costs[costs.Length / 2],14:F2}{$"{costs[0]:F2}-{costs[^1]:F2}",16}{results.Average(result => result.Load) * 100,8:F0}{results.Sum(result => result.Delivered),10}{results.Sum(result => result.Lost),8}"));
    }
}
