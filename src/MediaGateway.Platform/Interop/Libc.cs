using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MediaGateway.Platform.Interop;

/// <summary>
/// The calls of Linux that the base library does not offer. All set errno:
/// <see cref="Marshal.GetLastPInvokeError"/>. Layouts are those of 64-bit Linux.
/// </summary>
internal static unsafe partial class Libc
{
    public const int EINTR = 4;
    public const int EIO = 5;
    public const int EAGAIN = 11;
    public const int EINVAL = 22;
    public const int EMSGSIZE = 90;
    public const int ENOBUFS = 105;

    public const int MSG_DONTWAIT = 0x40;

    public const int O_WRONLY = 0x1;
    public const int O_CREAT = 0x40;
    public const int O_NOCTTY = 0x100;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;

    public const short POLLIN = 0x001;
    public const short POLLOUT = 0x004;

    public const int EFD_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;

    public const int IPPROTO_IP = 0;
    public const int IP_MTU_DISCOVER = 10;
    public const int IP_PMTUDISC_OMIT = 5;

    public const int SOL_UDP = 17;
    public const int UDP_SEGMENT = 103;

    public const int SOL_SOCKET = 1;
    public const int SO_MEMINFO = 55;

    /// <summary>
    /// Number of the option SO_TIMESTAMPNS_OLD, and of the type of the control message that it brings: a struct timespec.
    /// </summary>
    public const int SO_TIMESTAMPNS = 35;

    /// <summary>Index of the count of dropped datagrams in the array that SO_MEMINFO fills.</summary>
    public const int SK_MEMINFO_DROPS = 8;

    /// <summary>Number of 32-bit values that SO_MEMINFO fills.</summary>
    public const int SK_MEMINFO_VARS = 9;

    public const int CLOCK_THREAD_CPUTIME_ID = 3;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int socket, MessageHeader* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport(Library, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int socket, MessageHeader* messages, uint count, int flags);

    /// <summary>poll(2) with a timeout in nanoseconds; no signal mask. A null timeout waits for ever.</summary>
    [LibraryImport(Library, EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signalMask);

    [LibraryImport(Library, EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int GetTime(int clock, TimeSpec* time);

    /// <summary>sched_getaffinity(2); a <paramref name="thread"/> of 0 is the calling one.</summary>
    [LibraryImport(Library, EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int GetAffinity(int thread, nint size, ulong* processors);

    /// <summary>sched_setaffinity(2); a <paramref name="thread"/> of 0 is the calling one.</summary>
    [LibraryImport(Library, EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int thread, nint size, ulong* processors);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial SafeFileHandle EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle descriptor, void* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle descriptor, void* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "malloc_trim")]
    public static partial int TrimHeap(nuint pad);
}
