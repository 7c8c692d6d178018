using MediaGateway.Platform.Clock;

namespace MediaGateway.Platform.Tests.Clock;

public sealed class SystemEntropyTests
{
    [Fact]
    public void Two_draws_differ()
    {
        SystemEntropy entropy = new();
        byte[] first = new byte[32];
        byte[] second = new byte[32];
        entropy.Fill(first);
        entropy.Fill(second);
        Assert.NotEqual(first, second);
    }
}
