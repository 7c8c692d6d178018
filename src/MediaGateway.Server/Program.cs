using System.Runtime;
using MediaGateway.Server.CommandLine;
using MediaGateway.Server.Hosting;

// Full collections run beside the threads: those that stop them took 19 ms and more when many joined at once (docs/performance.md).
GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;

return await GatewayCommand.RunAsync(args, services => services.AddMediaNode(), Console.Out, Console.Error, CancellationToken.None);
