using MediaGateway.Platform.Interop;
using MediaGateway.Rtc.Dtls;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// Owns one SSL over a <see cref="DatagramBio"/>. Used only through <see cref="Enter"/>, so that it is never freed
/// under a running call. One owner at a time; bound to no thread.
/// </summary>
internal sealed unsafe class OpenSslConnection : IDisposable
{
    private readonly SafeSslHandle _ssl;
    private readonly DatagramBioState* _bio;

    /// <exception cref="InsufficientMemoryException">OpenSSL could not allocate.</exception>
    internal OpenSslConnection(SafeSslContextHandle context, OpenSslConnectionSettings settings)
        : this(LibSsl.SSL_new(context), settings)
    {
    }

    /// <exception cref="InsufficientMemoryException">OpenSSL could not allocate.</exception>
    internal OpenSslConnection(SafeSslHandle ssl, OpenSslConnectionSettings settings)
    {
        if (ssl.IsInvalid)
            throw new InsufficientMemoryException($"OpenSSL could not create a connection: {LibCrypto.TakeError()}.");

        nint bio = DatagramBio.Create(out DatagramBioState* state);
        LibSsl.SSL_set_bio(ssl, bio, bio);
        DtlsOptions options = settings.Options;
        state->Overhead = options.IsIPv6 ? 48 : 28;
        state->Clock = settings.Clock;
        state->FirstTimeout = (uint)options.FirstRetransmission.TotalMicroseconds;
        state->MaxTimeout = (uint)options.MaxRetransmission.TotalMicroseconds;

        DatagramBio.InstallTimer(ssl);
        LibSsl.SSL_ctrl(ssl, LibSsl.CtrlSetMtu, options.Mtu, null);
        if (LibSsl.SSL_set_tlsext_use_srtp(ssl, settings.SrtpProfiles) != 0)
            throw new InvalidOperationException($"OpenSSL refused the SRTP profiles {settings.SrtpProfiles}: {LibCrypto.TakeError()}.");
        if (settings.Role == DtlsRole.Server)
            LibSsl.SSL_set_accept_state(ssl);
        else
            LibSsl.SSL_set_connect_state(ssl);
        _ssl = ssl;
        _bio = state;
    }

    /// <summary>
    /// Holds the SSL until the result is disposed, and lets it write to <paramref name="outbox"/>. Calls may nest:
    /// a sink may send from inside a callback, and then writes to an outbox of its own.
    /// </summary>
    internal OpenSslCall Enter(byte* outbox, int capacity) => new(_ssl, _bio, new DatagramOutbox(outbox, capacity));

    /// <summary>Frees the SSL now, or when the last running call ends.</summary>
    public void Dispose() => _ssl.Dispose();
}
