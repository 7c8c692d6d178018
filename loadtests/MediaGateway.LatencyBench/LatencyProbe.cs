using System.Diagnostics;
using System.Net.Sockets;

namespace MediaGateway.LatencyBench;

/// <summary>
/// Sends datagrams to one target at a steady rate, one at a time, and measures the time until each comes back. It
/// spins for the answer, so that its own wake-up is no part of the measure.
/// </summary>
internal sealed class LatencyProbe : IDisposable
{
    private const int DatagramLength = 1_200;
    private static readonly long LostAfter = Stopwatch.Frequency / 5;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _datagram = new byte[DatagramLength];
    private readonly byte[] _answer = new byte[2048];
    private readonly long _interval;
    private long _sequence;

    public LatencyProbe(ILatencyTarget target, int datagramsPerSecond)
    {
        Target = target;
        _interval = Stopwatch.Frequency / datagramsPerSecond;
        _socket.Connect(target.EndPoint);
        _socket.Blocking = false;
    }

    public ILatencyTarget Target { get; }

    public LatencySamples Latencies { get; } = new();

    public int Lost { get; private set; }

    public void Run(int datagrams, bool record)
    {
        long next = Stopwatch.GetTimestamp();
        for (int i = 0; i < datagrams; i++)
        {
            while (Stopwatch.GetTimestamp() < next)
                Thread.SpinWait(10);
            long sent = Stopwatch.GetTimestamp();
            TimeSpan? latency = Exchange(sent);
            if (record && latency is { } measured)
                Latencies.Add(measured);
            else if (latency is null)
                Lost++;
            // What is late is not made up for: it would measure a burst.
            next = Math.Max(next + _interval, Stopwatch.GetTimestamp());
        }
    }

    public void Dispose() => _socket.Dispose();

    private TimeSpan? Exchange(long sent)
    {
        BitConverter.TryWriteBytes(_datagram, ++_sequence);
        _socket.Send(_datagram);
        while (Stopwatch.GetTimestamp() - sent < LostAfter)
        {
            if (!_socket.Poll(0, SelectMode.SelectRead))
                continue;
            int length = _socket.Receive(_answer);
            long received = Stopwatch.GetTimestamp();
            // An answer to a datagram given up before is no answer to this one.
            if (length == DatagramLength && BitConverter.ToInt64(_answer) == _sequence)
                return Stopwatch.GetElapsedTime(sent, received);
        }
        return null;
    }
}
