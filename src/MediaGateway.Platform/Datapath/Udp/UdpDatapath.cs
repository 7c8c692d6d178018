using System.Net.Sockets;
using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// One worker's connection to the network: its sockets, the batch that came in and the batch that goes out.
/// Ownership: whoever opens it disposes it, after the worker's thread has ended. Used by that thread only, except for
/// <see cref="Wake"/>, the statistics and what does not change.
/// </summary>
public sealed class UdpDatapath : IDatagramSender, IWakeup, IDisposable
{
    /// <summary>
    /// Size of a slot for an incoming datagram, bytes. Longer than any datagram of WebRTC; one that fills it may have been cut off, and is
    /// dropped.
    /// </summary>
    internal const int ReceiveSlotSize = 2048;

    /// <summary>Distance between the datagrams of a batch whose time of arrival is asked for.</summary>
    internal const int AgeInterval = 16;

    private readonly SocketBinding _binding;
    private readonly DatagramBatch _incoming;
    private readonly DatagramBatch _outgoing;
    private readonly UdpEngine _engine;
    private readonly IDatagramFaults? _faults;

    private UdpDatapath(SocketBinding binding, UdpEndpointOptions options, DropCounters drops, IDatagramFaults? faults)
    {
        _binding = binding;
        _faults = faults;
        _incoming = new DatagramBatch(options.BatchSize, ReceiveSlotSize);
        _outgoing = new DatagramBatch(options.SendBatchSize, IDatagramSender.MaxDatagram);
        Engine = Resolve(options.Engine);
        _engine = Engine == DatapathEngine.Mmsg
            ? new MmsgEngine(binding, _incoming, _outgoing, drops, options.Segmentation)
            : new SocketEngine(binding, _incoming, _outgoing, drops);
        LocalAddresses = [.. binding.Endpoints.All.Select(endpoint => endpoint.Address)];
        Drops = drops;
    }

    /// <summary>The local endpoints that paths name, one for each socket.</summary>
    public LocalEndpointTable Endpoints => _binding.Endpoints;

    /// <summary>The bound addresses, in the order of the options.</summary>
    public IReadOnlyList<TransportAddress> LocalAddresses { get; }

    /// <summary>Warnings for the operator, such as of socket buffers that the system keeps too small.</summary>
    public IReadOnlyList<string> Warnings => _binding.Warnings;

    /// <summary>The engine in use, never <see cref="DatapathEngine.Automatic"/>.</summary>
    public DatapathEngine Engine { get; }

    public DatapathStatistics Statistics => _engine.Statistics;

    public DropCounters Drops { get; }

    /// <param name="options">The addresses to bind, and how.</param>
    /// <param name="drops">The counters of what the worker drops.</param>
    /// <param name="faults">A test's faults; production has none.</param>
    /// <exception cref="ArgumentException">The addresses are none, too many, or a wildcard.</exception>
    /// <exception cref="SocketException">An address cannot be bound.</exception>
    /// <exception cref="PlatformNotSupportedException">The system does not have the engine asked for.</exception>
    public static UdpDatapath Open(UdpEndpointOptions options, DropCounters drops, IDatagramFaults? faults = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(drops);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.SendBatchSize, nameof(options));
        if (options.Engine == DatapathEngine.Mmsg && !MmsgEngine.IsSupported)
            throw new PlatformNotSupportedException("recvmmsg and sendmmsg need 64-bit Linux.");
        return new UdpDatapath(SocketBinding.Bind(options), options, drops, faults);
    }

    public Span<byte> Reserve()
    {
        if (_outgoing.IsFull)
            Flush();
        return _outgoing.NextSlot();
    }

    public void Commit(int length, in NetworkPath path)
    {
        if (!_binding.Endpoints.Contains(path.Local))
            throw new ArgumentOutOfRangeException(nameof(path), path.Local, "The worker has no such endpoint.");
        _outgoing.Commit(length, path);
    }

    public void Wake() => _engine.Wake();

    /// <summary>
    /// Returns how many datagrams the kernel has dropped since the start because a receive buffer was full: the worker is too
    /// slow, or the buffer too small. Asks the kernel; safe from any thread until <see cref="Dispose"/>. Returns 0 where the
    /// system does not tell.
    /// </summary>
    public long ReadKernelReceiveDrops()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        Span<uint> memory = stackalloc uint[Libc.SK_MEMINFO_VARS];
        long drops = 0;
        try
        {
            foreach (Socket socket in _binding.Sockets)
            {
                socket.GetRawSocketOption(Libc.SOL_SOCKET, Libc.SO_MEMINFO, MemoryMarshal.AsBytes(memory));
                drops += memory[Libc.SK_MEMINFO_DROPS];
            }
        }
        catch (SocketException)
        {
            return 0;
        }
        return drops;
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>Time since a datagram of the batch at hand came; known for every <see cref="AgeInterval"/>th, if for any.</summary>
    internal TimeSpan? AgeOf(int index) => _engine.AgeOf(index);

    internal void Wait(TimeSpan timeout) => _engine.Wait(timeout);

    /// <summary>Receives the next batch, possibly empty. It is borrowed until the next call.</summary>
    internal DatagramBatch Receive()
    {
        _engine.Receive();
        _faults?.OnReceived(_incoming);
        return _incoming;
    }

    public void Flush()
    {
        _faults?.OnSending(_outgoing);
        if (_outgoing.Count > 0)
            _engine.Send();
    }

    private static DatapathEngine Resolve(DatapathEngine wanted) =>
        wanted != DatapathEngine.Automatic ? wanted
        : MmsgEngine.IsSupported ? DatapathEngine.Mmsg
        : DatapathEngine.Portable;
}
