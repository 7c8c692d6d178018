using MediaGateway.Server.CommandLine;

return await GatewayCommand.RunAsync(args, _ => { }, Console.Out, Console.Error, CancellationToken.None);
