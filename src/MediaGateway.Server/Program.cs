using MediaGateway.Server.CommandLine;
using MediaGateway.Server.Media;

return await GatewayCommand.RunAsync(args, services => services.AddMediaNode(), Console.Out, Console.Error, CancellationToken.None);
