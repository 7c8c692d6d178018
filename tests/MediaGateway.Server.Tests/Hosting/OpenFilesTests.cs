using MediaGateway.Server.Hosting;

namespace MediaGateway.Server.Tests.Hosting;

/// <summary>Tests of how many connections there are descriptors for.</summary>
public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("512", 270, 114)]
    [InlineData("65536", 270, 65138)]
    [InlineData("256", 270, 1)]
    [InlineData("unlimited", 270, null)]
    public void Connections_leave_descriptors_for_everything_else(string limit, int open, int? expected) => Assert.Equal(
        expected,
        OpenFiles.SpareConnections(["Max processes   100   100   processes", $"Max open files   {limit}   {limit}   files"], open));

    [Fact]
    public void System_tells() => Assert.InRange(OpenFiles.SpareConnections() ?? 1, 1, int.MaxValue);
}
