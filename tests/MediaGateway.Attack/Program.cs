using MediaGateway.Attack.Running;

return await AttackCommand.Create().Parse(args).InvokeAsync();
