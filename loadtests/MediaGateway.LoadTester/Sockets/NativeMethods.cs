using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MediaGateway.LoadTester.Sockets;

/// <summary>Calls of Linux that only the tester needs: epoll over thousands of sockets. All set errno.</summary>
internal static unsafe partial class NativeMethods
{
    public const int EPOLL_CLOEXEC = 0x80000;
    public const int EPOLL_CTL_ADD = 1;
    public const uint EPOLLIN = 1;
    public const int SO_TIMESTAMPNS = 35;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial SafeFileHandle CreateEpoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlEpoll(SafeFileHandle epoll, int operation, int descriptor, EpollEvent* wanted);

    /// <summary>epoll_wait(2) with a timeout in nanoseconds; no signal mask.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int WaitEpoll(SafeFileHandle epoll, EpollEvent* events, int capacity, TimeValue* timeout, void* signalMask);

    /// <summary>struct epoll_event, which x86-64 packs.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct EpollEvent
    {
        public uint Events;
        public ulong Data;
    }

    /// <summary>struct timespec.</summary>
    public struct TimeValue
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
