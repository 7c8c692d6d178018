using System.Runtime.InteropServices;

namespace MediaGateway.Platform.Interop;

/// <summary>The part of libssl 3 that DTLS needs. Names are OpenSSL's own; the SSL_ctrl numbers are its macros'.</summary>
internal static unsafe partial class LibSsl
{
    internal const ulong InitLoadCryptoStrings = 0x0000_0002;
    internal const ulong InitNoAtExit = 0x0008_0000;
    internal const ulong InitLoadSslStrings = 0x0020_0000;

    internal const int Dtls12Version = 0xFEFD;

    internal const ulong OptionNoQueryMtu = 1UL << 12;
    internal const ulong OptionNoTicket = 1UL << 14;
    internal const ulong OptionNoCompression = 1UL << 17;
    internal const ulong OptionCipherServerPreference = 1UL << 22;
    internal const ulong OptionNoRenegotiation = 1UL << 30;

    internal const int CtrlSetMtu = 17;
    internal const int CtrlSetSessionCacheMode = 44;
    internal const int CtrlSetMaxSendFragment = 52;
    internal const int CtrlDtlsGetTimeout = 73;
    internal const int CtrlDtlsHandleTimeout = 74;
    internal const int CtrlSetGroupsList = 92;
    internal const int CtrlSetMinProtoVersion = 123;
    internal const int CtrlSetMaxProtoVersion = 124;

    internal const int VerifyPeer = 0x01;
    internal const int VerifyFailIfNoPeerCertificate = 0x02;

    internal const int ErrorWantRead = 2;
    internal const int ErrorWantWrite = 3;
    internal const int ErrorSyscall = 5;
    internal const int ErrorZeroReturn = 6;

    private const string Library = "libssl.so.3";

    [LibraryImport(Library)]
    internal static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport(Library)]
    internal static partial nint DTLS_method();

    [LibraryImport(Library)]
    internal static partial SafeSslContextHandle SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_ctrl(SafeSslContextHandle context, int command, nint number, void* pointer);

    [LibraryImport(Library)]
    internal static partial ulong SSL_CTX_set_options(SafeSslContextHandle context, ulong options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(SafeSslContextHandle context, string list);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_use_certificate_ASN1(SafeSslContextHandle context, int length, byte* der);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_use_PrivateKey_ASN1(int type, SafeSslContextHandle context, byte* der, CLong length);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_check_private_key(SafeSslContextHandle context);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_verify(SafeSslContextHandle context, int mode, nint callback);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_cert_verify_callback(
        SafeSslContextHandle context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Library)]
    internal static partial SafeSslHandle SSL_new(SafeSslContextHandle context);

    [LibraryImport(Library)]
    internal static partial SafeSslHandle SSL_new(nint context);

    /// <summary>The peer's certificate, borrowed: the SSL holds the reference.</summary>
    [LibraryImport(Library)]
    internal static partial nint SSL_get_SSL_CTX(nint ssl);

    [LibraryImport(Library)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Library)]
    internal static partial void SSL_set_bio(SafeSslHandle ssl, nint read, nint write);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial nint SSL_get_rbio(nint ssl);

    [LibraryImport(Library)]
    internal static partial nint SSL_ctrl(SafeSslHandle ssl, int command, nint number, void* pointer);

    [LibraryImport(Library)]
    internal static partial nint SSL_ctrl(nint ssl, int command, nint number, void* pointer);

    /// <summary>Sets the SRTP profiles. Returns 0 on success, unlike the other calls.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_set_tlsext_use_srtp(SafeSslHandle ssl, string profiles);

    [LibraryImport(Library)]
    internal static partial void SSL_set_accept_state(SafeSslHandle ssl);

    [LibraryImport(Library)]
    internal static partial void SSL_set_connect_state(SafeSslHandle ssl);

    [LibraryImport(Library)]
    internal static partial void DTLS_set_timer_cb(SafeSslHandle ssl, delegate* unmanaged[Cdecl]<nint, uint, uint> callback);

    /// <summary>Allocates the record buffers; does nothing when they are there.</summary>
    [LibraryImport(Library)]
    internal static partial int SSL_alloc_buffers(nint ssl);

    /// <summary>Frees the record buffers. Returns 0 and does nothing while something in them is unread.</summary>
    [LibraryImport(Library)]
    internal static partial int SSL_free_buffers(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Library)]
    internal static partial int SSL_write(nint ssl, byte* data, int length);

    [LibraryImport(Library)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Library)]
    internal static partial byte* SSL_state_string_long(nint ssl);

    /// <summary>The negotiated SRTP profile as {byte* name; nuint id}; null when none was negotiated.</summary>
    [LibraryImport(Library)]
    internal static partial nuint* SSL_get_selected_srtp_profile(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_export_keying_material(
        nint ssl, byte* output, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);

    [LibraryImport(Library)]
    internal static partial nint SSL_get1_peer_certificate(nint ssl);

    [LibraryImport(Library)]
    internal static partial nint SSL_get_current_cipher(nint ssl);

    [LibraryImport(Library)]
    internal static partial byte* SSL_CIPHER_get_name(nint cipher);
}
