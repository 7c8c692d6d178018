namespace Grpc.Core;

/// <summary>What generated clients derive from.</summary>
public abstract class ClientBase
{
    protected ClientBase(ClientBaseConfiguration configuration) => CallInvoker = configuration.Invoker;

    protected CallInvoker CallInvoker { get; }

    protected internal class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker invoker) => Invoker = invoker;

        internal CallInvoker Invoker { get; }
    }
}

/// <inheritdoc/>
public abstract class ClientBase<T> : ClientBase
    where T : ClientBase<T>
{
    protected ClientBase()
        : base(new ClientBaseConfiguration(UnimplementedCallInvoker.Instance))
    {
    }

    protected ClientBase(ChannelBase channel)
        : base(new ClientBaseConfiguration(channel.CreateCallInvoker()))
    {
    }

    protected ClientBase(CallInvoker callInvoker)
        : base(new ClientBaseConfiguration(callInvoker))
    {
    }

    protected ClientBase(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}
