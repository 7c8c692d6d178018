using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Dtls;

/// <summary>The process's OpenSSL: loaded and initialised once, on first use.</summary>
public static class OpenSslRuntime
{
    /// <summary>
    /// The first release of the 3.0 series seen to survive a forged record without the filter in front. The filter
    /// protects older ones too; two defences are better than one.
    /// </summary>
    public static readonly OpenSslVersion Recommended = new(3, 0, 22);

    private static readonly Lazy<OpenSslVersion> Loaded = new(() => Load(InitialiseLibrary));

    /// <exception cref="OpenSslUnavailableException">libssl.so.3 or libcrypto.so.3 is missing or not OpenSSL 3.</exception>
    public static OpenSslVersion Version => Loaded.Value;

    /// <summary>Warning about the library in use for the operator, or null.</summary>
    /// <exception cref="OpenSslUnavailableException">libssl.so.3 or libcrypto.so.3 is missing or not OpenSSL 3.</exception>
    public static string? Warning => WarningFor(Version);

    internal static string? WarningFor(OpenSslVersion version) => version >= Recommended
        ? null
        : $"OpenSSL {version} is older than {Recommended}. Unless your distribution has patched it, one forged DTLS record can end a " +
          "connection; the gateway filters such records, but please update the libssl3 package.";

    internal static OpenSslVersion Load(Func<ulong> initialise)
    {
        try
        {
            return OpenSslVersion.FromNumber(initialise());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new OpenSslUnavailableException(
                "WebRTC needs OpenSSL 3 (libssl.so.3 and libcrypto.so.3), which was not found. Install it: 'apt install libssl3' on " +
                "Debian and Ubuntu ('libssl3t64' on newer ones), 'apk add libssl3' on Alpine, 'dnf install openssl-libs' on Fedora and "
                    + "RHEL 9.",
                e);
        }
    }

    private static ulong InitialiseLibrary()
    {
        // NO_ATEXIT: threads may still be inside the library when the process exits.
        const ulong Options = LibSsl.InitNoAtExit | LibSsl.InitLoadSslStrings | LibSsl.InitLoadCryptoStrings;
        if (LibSsl.OPENSSL_init_ssl(Options, 0) != 1)
            throw new OpenSslUnavailableException($"OpenSSL could not be initialised: {LibCrypto.TakeError()}.");
        return LibCrypto.OpenSSL_version_num();
    }
}
