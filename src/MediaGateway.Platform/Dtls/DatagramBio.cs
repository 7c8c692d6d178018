using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// A BIO that keeps datagram boundaries and does no I/O: one read takes the caller's datagram, one write appends one
/// to the caller's outbox. OpenSSL's memory BIO glues datagrams together, and 3.0 has no datagram one.
/// The callbacks run inside libssl: they never throw and call nothing that allocates managed memory.
/// </summary>
internal static unsafe class DatagramBio
{
    private const int ReadRetry = LibCrypto.BioFlagsRead | LibCrypto.BioFlagsShouldRetry;

    // Longer than any handshake deadline, so that libssl never finds the timer due by itself.
    private const uint FarAway = uint.MaxValue;

    private static readonly nint Method = CreateMethod();

    private static int _live;

    /// <summary>BIO states not yet freed, for leak tests.</summary>
    internal static int LiveCount => Volatile.Read(ref _live);

    /// <summary>A new BIO with zeroed state. The caller hands it over to an SSL, which then owns both.</summary>
    internal static nint Create(out DatagramBioState* state)
    {
        nint bio = LibCrypto.BIO_new(Method);
        if (bio == 0)
            throw new InsufficientMemoryException("OpenSSL could not allocate a BIO.");
        state = (DatagramBioState*)NativeMemory.AllocZeroed((nuint)sizeof(DatagramBioState));
        LibCrypto.BIO_set_data(bio, state);
        LibCrypto.BIO_set_init(bio, 1);
        Interlocked.Increment(ref _live);
        return bio;
    }

    /// <summary>Makes the SSL, whose BIO must be one of these, take its timeouts from the BIO's state.</summary>
    internal static void InstallTimer(SafeSslHandle ssl) => LibSsl.DTLS_set_timer_cb(ssl, &ChooseTimeout);

    private static nint CreateMethod()
    {
        nint method = LibCrypto.BIO_meth_new(LibCrypto.BIO_get_new_index() | LibCrypto.BioTypeSourceSink, "datagram");
        if (method == 0
            || LibCrypto.BIO_meth_set_write(method, &Write) != 1
            || LibCrypto.BIO_meth_set_read(method, &Read) != 1
            || LibCrypto.BIO_meth_set_ctrl(method, &Control) != 1
            || LibCrypto.BIO_meth_set_destroy(method, &OnDestroy) != 1)
        {
            throw new InsufficientMemoryException("OpenSSL could not allocate a BIO method.");
        }
        return method;
    }

    private static DatagramBioState* StateOf(nint bio) => (DatagramBioState*)LibCrypto.BIO_get_data(bio);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDestroy(nint bio)
    {
        NativeMemory.Free(StateOf(bio));
        LibCrypto.BIO_set_data(bio, null);
        Interlocked.Decrement(ref _live);
        return 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* buffer, int capacity)
    {
        DatagramBioState* state = StateOf(bio);
        LibCrypto.BIO_clear_flags(bio, LibCrypto.BioFlagsRetryMask);
        if (state->Input == null)
        {
            LibCrypto.BIO_set_flags(bio, ReadRetry);
            return -1;
        }
        int length = Math.Min(state->InputLength, capacity);
        Unsafe.CopyBlockUnaligned(buffer, state->Input, (uint)length);
        state->Input = null;
        return length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* data, int length)
    {
        DatagramBioState* state = StateOf(bio);
        LibCrypto.BIO_clear_flags(bio, LibCrypto.BioFlagsRetryMask);
        // A full outbox loses the datagram, as a full socket buffer would: the handshake repeats it.
        _ = state->Outbox.TryAppend(data, length);
        return length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, void* pointer)
    {
        DatagramBioState* state = StateOf(bio);
        switch (command)
        {
            case LibCrypto.BioCtrlFlush:
                return 1;
            case LibCrypto.BioCtrlDgramSetNextTimeout:
                // Kept only where it outlives this call (see DtlsClock).
                if (state->Clock == DtlsClock.Caller)
                    state->Deadline = (nint*)pointer;
                return 1;
            case LibCrypto.BioCtrlDgramGetMtuOverhead:
                return state->Overhead;
            default:
                return 0;
        }
    }

    /// <summary>DTLS_timer_cb: <paramref name="previous"/> is 0 for a new flight; both in microseconds.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint ChooseTimeout(nint ssl, uint previous)
    {
        DatagramBioState* state = StateOf(LibSsl.SSL_get_rbio(ssl));
        if (previous == 0)
            state->Flights++;
        if (state->Clock == DtlsClock.Caller)
            return FarAway;
        return previous == 0 ? state->FirstTimeout : (uint)Math.Min(2UL * previous, state->MaxTimeout);
    }
}
