using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MediaGateway.Platform.Interop;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// The only code that runs libssl on a connection. It holds a reference on the SSL, and the outbox it lent to the
/// BIO, until disposed. OpenSSL's error queue belongs to the thread, so each call empties it first and asks for its
/// result at once.
/// </summary>
internal readonly unsafe ref struct OpenSslCall
{
    private const int KeyingMaterialMax = 2 * (32 + 14);

    private readonly SafeSslHandle _handle;
    private readonly nint _ssl;
    private readonly DatagramBioState* _bio;
    private readonly DatagramOutbox _outer;

    internal OpenSslCall(SafeSslHandle handle, DatagramBioState* bio, DatagramOutbox outbox)
    {
        bool added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
        _ssl = handle.DangerousGetHandle();
        _bio = bio;
        if (bio->Calls == 0 && bio->LendsBuffers && LibSsl.SSL_alloc_buffers(_ssl) != 1)
        {
            handle.DangerousRelease();
            throw new InsufficientMemoryException("OpenSSL could not allocate record buffers.");
        }
        bio->Calls++;
        _outer = bio->Outbox;
        bio->Outbox = outbox;
    }

    /// <summary>True when libssl waits for an answer to a flight; used with <see cref="DtlsClock.Caller"/>.</summary>
    internal bool IsTimerRunning => _bio->Deadline != null && (_bio->Deadline[0] | _bio->Deadline[1]) != 0;

    /// <summary>Number of flights that started a timer, which tells a new flight from a repeated one.</summary>
    internal uint Flight => _bio->Flights;

    public void Dispose()
    {
        _bio->Outbox = _outer;
        if (--_bio->Calls == 0 && _bio->LendsBuffers)
            _ = LibSsl.SSL_free_buffers(_ssl);
        _handle.DangerousRelease();
    }

    /// <summary>Advances the handshake by at most one datagram; an empty span starts it.</summary>
    internal OpenSslResult Handshake(ReadOnlySpan<byte> datagram)
    {
        fixed (byte* input = datagram)
        {
            Offer(input, datagram.Length);
            LibCrypto.ERR_clear_error();
            int result = LibSsl.SSL_do_handshake(_ssl);
            _bio->Input = null;
            return result == 1 ? OpenSslResult.Success : Classify(result);
        }
    }

    /// <summary>Feeds a datagram, if any, and reads one record of application data.</summary>
    internal OpenSslResult Read(ReadOnlySpan<byte> datagram, Span<byte> buffer, out int length)
    {
        fixed (byte* input = datagram, output = buffer)
        {
            Offer(input, datagram.Length);
            LibCrypto.ERR_clear_error();
            int result = LibSsl.SSL_read(_ssl, output, buffer.Length);
            _bio->Input = null;
            length = Math.Max(result, 0);
            return result > 0 ? OpenSslResult.Success : Classify(result);
        }
    }

    internal OpenSslResult Write(ReadOnlySpan<byte> data)
    {
        fixed (byte* input = data)
        {
            LibCrypto.ERR_clear_error();
            int result = LibSsl.SSL_write(_ssl, input, data.Length);
            return result > 0 ? OpenSslResult.Success : Classify(result);
        }
    }

    /// <summary>
    /// Lets libssl have its record buffers, 18 KB, only while it is called, from the end of this call on: most connections send nothing
    /// more until they close.
    /// </summary>
    internal void LendBuffers() => _bio->LendsBuffers = true;

    /// <summary>Writes close_notify.</summary>
    internal void Shutdown()
    {
        LibCrypto.ERR_clear_error();
        _ = LibSsl.SSL_shutdown(_ssl);
        LibCrypto.ERR_clear_error();
    }

    /// <summary>Sends the last flight again if libssl's timer is due; the connection is dead after the twelfth time.</summary>
    internal OpenSslResult Retransmit()
    {
        LibCrypto.ERR_clear_error();
        nint result = LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlDtlsHandleTimeout, 0, null);
        LibCrypto.ERR_clear_error();
        return result < 0 ? OpenSslResult.Dead : OpenSslResult.Waiting;
    }

    /// <summary>Makes libssl's timer due; used with <see cref="DtlsClock.Caller"/>, while <see cref="IsTimerRunning"/>.</summary>
    internal void ExpireTimer() => (_bio->Deadline[0], _bio->Deadline[1]) = (1, 0);

    /// <summary>Time left by libssl's own clock; used with <see cref="DtlsClock.Library"/>.</summary>
    internal bool TryGetTimeLeft(out TimeSpan left)
    {
        nint* timeval = stackalloc nint[2];
        bool running = LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlDtlsGetTimeout, 0, timeval) == 1;
        left = running ? TimeSpan.FromSeconds(timeval[0]) + TimeSpan.FromMicroseconds(timeval[1]) : default;
        return running;
    }

    /// <summary>The next datagram of the outbox from <paramref name="position"/>, which advances.</summary>
    internal bool TryTakeDatagram(ref int position, out ReadOnlySpan<byte> datagram) => _bio->Outbox.TryTake(ref position, out datagram);

    internal void ClearOutbox() => _bio->Outbox.Clear();

    /// <summary>Makes a new SSL of the same context, which this one keeps alive even after its owner disposed it.</summary>
    internal SafeSslHandle NewOfSameContext() => LibSsl.SSL_new(LibSsl.SSL_get_SSL_CTX(_ssl));

    /// <summary>Result of the completed handshake; null when no SRTP profile was agreed (RFC 5764 section 4.1).</summary>
    internal DtlsHandshakeResult? TakeResult(DtlsRole role)
    {
        nuint* selected = LibSsl.SSL_get_selected_srtp_profile(_ssl);
        if (selected == null)
            return null;
        var profile = (SrtpProfile)selected[1];
        if (!SrtpProfileParameters.TryGet(profile, out SrtpProfileParameters parameters) || TakePeerCertificate() is not { } certificate)
            return null;

        int keyLength = parameters.KeyLength, saltLength = parameters.SaltLength;
        Span<byte> material = stackalloc byte[KeyingMaterialMax];
        material = material[..(2 * (keyLength + saltLength))];
        if (!TryExportKeyingMaterial(material))
            return null;

        // RFC 5764 section 4.2: client key, server key, client salt, server salt.
        byte[] clientKey = material[..keyLength].ToArray();
        byte[] serverKey = material.Slice(keyLength, keyLength).ToArray();
        byte[] clientSalt = material.Slice(2 * keyLength, saltLength).ToArray();
        byte[] serverSalt = material[(2 * keyLength + saltLength)..].ToArray();
        CryptographicOperations.ZeroMemory(material);

        string cipher = Marshal.PtrToStringUTF8((nint)LibSsl.SSL_CIPHER_get_name(LibSsl.SSL_get_current_cipher(_ssl))) ?? "";
        return role == DtlsRole.Server
            ? new DtlsHandshakeResult(profile, serverKey, serverSalt, clientKey, clientSalt, certificate, cipher)
            : new DtlsHandshakeResult(profile, clientKey, clientSalt, serverKey, serverSalt, certificate, cipher);
    }

    private void Offer(byte* input, int length)
    {
        _bio->InputLength = length;
        _bio->Input = length == 0 ? null : input;
    }

    private OpenSslResult Classify(int result)
    {
        int error = LibSsl.SSL_get_error(_ssl, result);
        if (error is LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite)
            return OpenSslResult.Waiting;
        if (error == LibSsl.ErrorZeroReturn)
            return OpenSslResult.Closed;
        // "System call failed", with no error and a sane state, is how libssl says that it ignored a datagram.
        bool ignored = error == LibSsl.ErrorSyscall && LibCrypto.ERR_peek_error() == 0 && !IsInErrorState();
        LibCrypto.ERR_clear_error();
        return ignored ? OpenSslResult.Waiting : OpenSslResult.Dead;
    }

    private bool IsInErrorState() =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(LibSsl.SSL_state_string_long(_ssl)).SequenceEqual("error"u8);

    private bool TryExportKeyingMaterial(Span<byte> material)
    {
        ReadOnlySpan<byte> label = "EXTRACTOR-dtls_srtp"u8;
        fixed (byte* output = material, name = label)
            return LibSsl.SSL_export_keying_material(_ssl, output, (nuint)material.Length, name, (nuint)label.Length, null, 0, 0) == 1;
    }

    private byte[]? TakePeerCertificate()
    {
        nint certificate = LibSsl.SSL_get1_peer_certificate(_ssl);
        if (certificate == 0)
            return null;
        int length = LibCrypto.i2d_X509(certificate, null);
        byte[] der = new byte[Math.Max(length, 0)];
        fixed (byte* start = der)
        {
            byte* output = start;
            if (length > 0)
                length = LibCrypto.i2d_X509(certificate, &output);
        }
        LibCrypto.X509_free(certificate);
        return length > 0 ? der : null;
    }
}
