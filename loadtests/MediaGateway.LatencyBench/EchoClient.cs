using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MediaGateway.LatencyBench;

/// <summary>
/// The client of an echo. It spins for the answer, so that its own wake-up is no part of the measure.
/// </summary>
internal sealed class EchoClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _datagram = new byte[LatencyProbe.DatagramLength];
    private readonly byte[] _answer = new byte[2048];
    private long _sequence;

    public EchoClient(IPEndPoint echo)
    {
        _socket.Connect(echo);
        _socket.Blocking = false;
    }

    public TimeSpan? Exchange()
    {
        BitConverter.TryWriteBytes(_datagram, ++_sequence);
        long sent = Stopwatch.GetTimestamp();
        _socket.Send(_datagram);
        while (Stopwatch.GetTimestamp() - sent < LatencyProbe.LostAfter)
        {
            if (!_socket.Poll(0, SelectMode.SelectRead))
                continue;
            int length = _socket.Receive(_answer);
            long received = Stopwatch.GetTimestamp();
            // An answer to a datagram given up before is no answer to this one.
            if (length == _datagram.Length && BitConverter.ToInt64(_answer) == _sequence)
                return Stopwatch.GetElapsedTime(sent, received);
        }
        return null;
    }

    public void Dispose() => _socket.Dispose();
}
