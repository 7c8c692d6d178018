using MediaGateway.Server.CommandLine;

return await GatewayCommand.RunAsync(args, Console.Out, Console.Error);
