using MediaGateway.Fuzz.Running;

return FuzzCommand.Create().Parse(args).Invoke();
