using MediaGateway.LoadTester.Clients;
using MediaGateway.Platform.Clock;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Tests;

/// <summary>A loop that fails answers with its fault whoever asks, before or after; nobody waits for a thread that has ended.</summary>
public sealed class ClientLoopTests
{
    [Fact]
    public async Task Who_asks_a_loop_that_has_failed_gets_its_fault()
    {
        using var loop = new ClientLoop(new MonotonicClock(), 0);
        Task<int> first = loop.InvokeAsync(_ =>
        {
            loop.Add(new BrokenSource());
            return 1;
        });
        Assert.Equal(1, await first);

        for (int i = 0; i < 3; i++)
        {
            InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => UntilFailedAsync(loop))
                .WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Contains("broken", refusal.Message);
        }
        Assert.Throws<InvalidOperationException>(loop.ThrowIfFaulted);
    }

    private static async Task UntilFailedAsync(ClientLoop loop)
    {
        while (true)
            await loop.InvokeAsync(_ => true);
    }

    private sealed class BrokenSource : IFrameSource
    {
        public MonotonicTime NextFrame => MonotonicTime.Zero;

        public void SendFrame(MonotonicTime now) => throw new InvalidOperationException("broken");
    }
}
