using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>
/// Sound at 50 packets a second and a picture at 30 a second: of a rate, 20 % more or less, and a key frame when it changes, for which
/// those behind it are half as large until it is paid. Packets leave at 2.5 times the rate, key frames at a pace of their own.
/// </summary>
internal sealed class LoopSource
{
    private const int PacketBytes = 1150;
    private const int SoundBytes = 155;

    private static readonly TimeSpan SoundInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PictureInterval = TimeSpan.FromSeconds(1 / 30.0);

    private readonly SimulatedNetwork _network;
    private readonly Random _random;
    private readonly Action<int> _send;
    private double _debt;
    private double _queued;
    private double _pace;
    private bool _isPacing;

    public LoopSource(SimulatedNetwork network, int seed, Action<int> send)
    {
        (_network, _random, _send) = (network, new Random(seed), send);
        network.After(TimeSpan.FromMilliseconds(1), SendSound);
        network.After(TimeSpan.FromMilliseconds(7), SendPicture);
    }

    /// <summary>Rate of the picture on the wire, bits per second.</summary>
    public double PictureRate { get; set; }

    /// <summary>Rate at which key frames leave at the most, bits per second.</summary>
    public double PaceLimit { get; set; } = double.MaxValue;

    /// <summary>The next picture is a key frame.</summary>
    public void SendKeyFrame(int bytes)
    {
        _debt += bytes;
        Enqueue(bytes);
    }

    /// <summary>Drops all that waits: it belongs to an encoding that is no longer sent.</summary>
    public void Discard() => _queued = 0;

    private void SendSound()
    {
        _network.After(SoundInterval, SendSound);
        _send(SoundBytes);
    }

    private void SendPicture()
    {
        _network.After(PictureInterval, SendPicture);
        double bytes = PictureRate / 8 * PictureInterval.TotalSeconds;
        if (bytes <= 0)
            return;
        double size = bytes * (0.8 + 0.4 * _random.NextDouble());
        if (_debt > PictureRate / 8 / 2)
        {
            _debt -= bytes;
            return;
        }
        if (_debt > 0)
        {
            size /= 2;
            _debt = Math.Max(0, _debt - bytes + size);
        }
        Enqueue(size);
    }

    private void Enqueue(double bytes)
    {
        _queued += bytes;
        _pace = Math.Min(Math.Max(2.5 * PictureRate, _queued * 8 / 0.5), Math.Max(PaceLimit, 1.2 * PictureRate));
        if (!_isPacing)
            SendNext();
    }

    private void SendNext()
    {
        _isPacing = _queued >= 40;
        if (!_isPacing)
            return;
        int bytes = (int)Math.Min(_queued, PacketBytes);
        _queued -= bytes;
        _send(bytes + 50);
        _network.After(TimeSpan.FromSeconds(bytes * 8 / _pace), SendNext);
    }
}
