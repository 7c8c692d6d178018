using System.Net.Sockets;
using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;
using Microsoft.Win32.SafeHandles;

namespace MediaGateway.LoadTester.Sockets;

/// <summary>
/// Waits on any number of UDP sockets and an eventfd (epoll). Ownership: one loop's; only <see cref="Wake"/> is for any thread.
/// </summary>
internal sealed unsafe class SocketSet : IDisposable
{
    /// <summary>Few, so that frames that are due meanwhile do not wait, and then come in a heap that no publisher would send.</summary>
    private const int EventsAtOnce = 16;
    private const ulong WakeMark = ulong.MaxValue;

    private readonly SafeFileHandle _epoll = NativeMethods.CreateEpoll(NativeMethods.EPOLL_CLOEXEC);
    private readonly SafeFileHandle _wake = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
    private readonly NativeMethods.EpollEvent[] _events = GC.AllocateArray<NativeMethods.EpollEvent>(EventsAtOnce, pinned: true);
    private readonly List<ISocketOwner?> _owners = [];
    private readonly Stack<int> _free = new();

    public SocketSet() => Watch(_wake.DangerousGetHandle().ToInt32(), WakeMark);

    /// <summary>Watches a socket; a closed socket leaves by itself, its number by <see cref="Remove"/>.</summary>
    public int Add(Socket socket, ISocketOwner owner)
    {
        if (!_free.TryPop(out int number))
        {
            number = _owners.Count;
            _owners.Add(null);
        }
        _owners[number] = owner;
        Watch(socket.SafeHandle.DangerousGetHandle().ToInt32(), (ulong)number);
        return number;
    }

    public void Remove(int number)
    {
        _owners[number] = null;
        _free.Push(number);
    }

    /// <summary>Sleeps until something can be read, and has the owners read it.</summary>
    public void Wait(TimeSpan timeout)
    {
        long ticks = Math.Max(timeout.Ticks, 0);
        var limit = new NativeMethods.TimeValue
        { Seconds = ticks / TimeSpan.TicksPerSecond, Nanoseconds = ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick };
        fixed (NativeMethods.EpollEvent* events = _events)
        {
            int count = NativeMethods.WaitEpoll(_epoll, events, EventsAtOnce, &limit, null);
            if (count < 0 && Marshal.GetLastPInvokeError() != Libc.EINTR)
                throw new IOException($"epoll_pwait2 failed with errno {Marshal.GetLastPInvokeError()}.");
            for (int i = 0; i < count; i++)
            {
                ulong number = events[i].Data;
                if (number == WakeMark)
                    Drain();
                else
                    _owners[(int)number]?.OnReadable();
            }
        }
    }

    public void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Drain()
    {
        ulong count;
        _ = Libc.Read(_wake, &count, sizeof(ulong));
    }

    private void Watch(int descriptor, ulong data)
    {
        var wanted = new NativeMethods.EpollEvent { Events = NativeMethods.EPOLLIN, Data = data };
        if (NativeMethods.ControlEpoll(_epoll, NativeMethods.EPOLL_CTL_ADD, descriptor, &wanted) < 0)
            throw new IOException($"epoll_ctl failed with errno {Marshal.GetLastPInvokeError()}.");
    }
}
