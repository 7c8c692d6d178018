using System.Runtime.InteropServices;
using System.Text;

namespace MediaGateway.Platform.Interop;

/// <summary>The part of libcrypto 3 that DTLS needs. Names are OpenSSL's own.</summary>
internal static unsafe partial class LibCrypto
{
    internal const int BioFlagsRead = 0x01;
    internal const int BioFlagsShouldRetry = 0x08;
    internal const int BioFlagsRetryMask = 0x0F;

    internal const int BioTypeSourceSink = 0x0400;

    internal const int BioCtrlFlush = 11;
    internal const int BioCtrlDgramSetNextTimeout = 45;
    internal const int BioCtrlDgramGetMtuOverhead = 49;

    private const string Library = "libcrypto.so.3";

    [LibraryImport(Library)]
    internal static partial nuint OpenSSL_version_num();

    [LibraryImport(Library)]
    internal static partial void ERR_clear_error();

    [LibraryImport(Library)]
    internal static partial nuint ERR_get_error();

    [LibraryImport(Library)]
    internal static partial nuint ERR_peek_error();

    [LibraryImport(Library)]
    internal static partial void ERR_error_string_n(nuint error, byte* buffer, nuint length);

    [LibraryImport(Library)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(Library)]
    internal static partial int BIO_meth_set_write(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(Library)]
    internal static partial int BIO_meth_set_read(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(Library)]
    internal static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> ctrl);

    [LibraryImport(Library)]
    internal static partial int BIO_meth_set_destroy(nint method, delegate* unmanaged[Cdecl]<nint, int> destroy);

    [LibraryImport(Library)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(Library)]
    internal static partial void BIO_set_init(nint bio, int init);

    [LibraryImport(Library)]
    internal static partial void BIO_set_data(nint bio, void* data);

    // Plain field accesses: nothing in them blocks or calls back, so the GC may wait for them.
    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void* BIO_get_data(nint bio);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void BIO_clear_flags(nint bio, int flags);

    /// <summary>Returns the length of the DER form; also writes it when <paramref name="output"/> is not null, and advances it.</summary>
    [LibraryImport(Library)]
    internal static partial int i2d_X509(nint certificate, byte** output);

    [LibraryImport(Library)]
    internal static partial void X509_free(nint certificate);

    /// <summary>Returns the text of the oldest error of this thread's queue, and empties the queue.</summary>
    internal static string TakeError()
    {
        nuint error = ERR_get_error();
        ERR_clear_error();
        byte* text = stackalloc byte[256];
        ERR_error_string_n(error, text, 256);
        return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
    }
}
