using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>Tests of which threads may touch what lives on a worker.</summary>
public sealed class ThreadOwnerTests
{
    private readonly ThreadOwner _owner = new();

    [Fact]
    public void Without_an_owner_any_thread_may()
    {
        Assert.True(_owner.IsCurrent);
        Assert.True(OnAnotherThread(() => _owner.IsCurrent));
    }

    [Fact]
    public void With_an_owner_no_other_thread_may()
    {
        _owner.Bind();
        Assert.True(_owner.IsCurrent);
        Assert.False(OnAnotherThread(() => _owner.IsCurrent));
    }

    private static T OnAnotherThread<T>(Func<T> ask)
    {
        T? answer = default;
        var thread = new Thread(() => answer = ask());
        thread.Start();
        thread.Join();
        return answer!;
    }
}
