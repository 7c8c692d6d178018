using MediaGateway.Attack.Running;
using System.Net;
using System.Net.Sockets;

namespace MediaGateway.Attack.Senders;

/// <summary>A UDP socket that proves nothing to the gateway. It counts what it sends and what it is answered.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
    private readonly byte[] _buffer = new byte[2048];
    private readonly OngoingAttack _attack;

    public Stranger(OngoingAttack attack)
    {
        _attack = attack;
        _socket.Bind(new IPEndPoint(OngoingAttack.NextAddress(), 0));
        _socket.Connect(attack.Site.Call.Victim.Gateway);
    }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        int sent = _socket.Send(datagram, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success)
            return;
        _attack.CountIn(sent);
        _attack.Count();
        Read();
    }

    public void Dispose()
    {
        Read();
        _socket.Dispose();
    }

    /// <summary>Floods the gateway with datagrams from so many addresses, and counts what comes back.</summary>
    public static async Task FloodAsync(OngoingAttack attack, int sources, double perSecond, Func<int, byte[]> datagram)
    {
        Stranger[] strangers = [.. Enumerable.Range(0, sources).Select(_ => new Stranger(attack))];
        await attack.RepeatAsync(perSecond, number => strangers[number % sources].Send(datagram(number)));
        // What is answered late counts, too.
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        foreach (Stranger stranger in strangers)
            stranger.Dispose();
        attack.Load = $"{attack.Number} datagrams from {sources} addresses";
    }

    private void Read()
    {
        while (_socket.Available > 0)
        {
            int received = _socket.Receive(_buffer, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
                return;
            _attack.CountOut(received);
        }
    }
}
