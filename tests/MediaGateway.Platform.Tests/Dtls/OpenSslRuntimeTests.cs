using MediaGateway.Platform.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

public sealed class OpenSslRuntimeTests
{
    [Fact]
    public void Library_of_this_machine_is_OpenSSL_3() => Assert.Equal(3, OpenSslRuntime.Version.Major);

    [Theory]
    [InlineData(0x30000130UL, "3.0.19")]
    [InlineData(0x30000160UL, "3.0.22")]
    [InlineData(0x30500040UL, "3.5.4")]
    public void Version_number_is_decoded(ulong number, string expected) =>
        Assert.Equal(expected, OpenSslVersion.FromNumber(number).ToString());

    [Theory]
    [InlineData(3, 0, 19, true)]
    [InlineData(3, 0, 21, true)]
    [InlineData(3, 0, 22, false)]
    [InlineData(3, 5, 0, false)]
    public void Old_library_is_warned_about(int major, int minor, int patch, bool warned)
    {
        string? warning = OpenSslRuntime.WarningFor(new OpenSslVersion(major, minor, patch));
        Assert.Equal(warned, warning is not null);
        if (warned)
            Assert.Contains($"{major}.{minor}.{patch}", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_library_says_what_to_install()
    {
        var error =
            Assert.Throws<OpenSslUnavailableException>(() => OpenSslRuntime.Load(() => throw new DllNotFoundException("libssl.so.3")));
        Assert.Contains("libssl3", error.Message, StringComparison.Ordinal);
        Assert.IsType<DllNotFoundException>(error.InnerException);
    }

    [Fact]
    public void Library_without_a_needed_function_says_what_to_install() =>
        Assert.Throws<OpenSslUnavailableException>(() => OpenSslRuntime.Load(() => throw new EntryPointNotFoundException("SSL_new")));
}
