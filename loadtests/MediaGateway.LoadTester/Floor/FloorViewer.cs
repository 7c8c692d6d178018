using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Sockets;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;

namespace MediaGateway.LoadTester.Floor;

/// <summary>Receives from the floor, and checks every packet as a viewer of a server does.</summary>
internal sealed class FloorViewer : IViewer, ISocketOwner
{
    private const int SocketBufferBytes = 1 << 20;
    private const int MaxSources = 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(16);
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(12);
    private readonly SrtpReceiver _srtp;
    private readonly IReadOnlyList<CodecKind> _codecs;
    private readonly (Ssrc First, Ssrc Last) _own;
    private readonly ReceptionLog _log;
    private readonly bool _isCounting;
    private readonly TaskCompletionSource<TimeSpan> _playing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _created = Stopwatch.GetTimestamp();
    private ClientLoop? _loop;
    private int _socketNumber;

    /// <param name="codecs">Of each publisher's tracks.</param>
    /// <param name="own">Tracks that it sends itself, and is not to get.</param>
    /// <param name="measures">Where latencies go.</param>
    /// <param name="isCounting">Whether it only counts.</param>
    public FloorViewer(IReadOnlyList<CodecKind> codecs, IReadOnlyList<PublishedTrack> own, ViewerMeasures measures, bool isCounting)
    {
        _codecs = codecs;
        if (own.Count > 0)
            _own = (FloorPackets.SsrcOf(own[0].SourceOf(0)), FloorPackets.SsrcOf(own[^1].SourceOf(own[^1].Settings.Parts.Count - 1)));
        _log = new ReceptionLog(measures);
        _isCounting = isCounting;
        _srtp = new SrtpReceiver(SrtpProfile.AeadAes128Gcm, _key, _salt, MaxSources);
        _socket.Blocking = false;
        _socket.ReceiveBufferSize = SocketBufferBytes;
        ReceiveBatch.EnableTimestamps(_socket);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    /// <summary>The address and key that the floor sends to.</summary>
    public string Introduction => $"{((IPEndPoint)_socket.LocalEndPoint!).Port} {Convert.ToHexString(_key)} {Convert.ToHexString(_salt)} "
        + $"{_own.First.Value} {_own.Last.Value}";

    public Task<TimeSpan> Playing => _playing.Task;

    public IReadOnlyCollection<Reception> Receptions => _log.Receptions;

    public long PacketsReceived { get; private set; }

    public bool IsClosed => false;

    public void Attach(ClientLoop loop, MonotonicTime now)
    {
        _loop = loop;
        _socketNumber = loop.Sockets.Add(_socket, this);
    }

    public void Detach(MonotonicTime now)
    {
        _loop?.Sockets.Remove(_socketNumber);
        Dispose();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _srtp.Dispose();
    }

    public void OnReadable()
    {
        ReceiveBatch batch = _loop!.Incoming;
        int count;
        do
        {
            count = batch.Receive(_socket);
            for (int i = 0; i < count; i++)
                OnDatagram(batch.Datagram(i), batch.ArrivalOf(i));
        }
        while (count == ReceiveBatch.Capacity);
    }

    private void OnDatagram(Span<byte> datagram, long arrival)
    {
        PacketsReceived++;
        if (_isCounting && _playing.Task.IsCompleted)
            return;
        if (!RtpHeader.TryParse(datagram, out RtpHeader header)
            || _srtp.UnprotectRtp(datagram, header, out int length, out ExtendedSequence index) != DropReason.None
            || !RtpPacketView.TryParse(datagram[..length], header, out RtpPacketView view))
            return;
        _log.OnPacket(view, index, _codecs[FloorPackets.TrackOf(view.PayloadType)], arrival);
        if (!_playing.Task.IsCompleted && _log.Begun > 0)
            _playing.TrySetResult(Stopwatch.GetElapsedTime(_created));
    }
}
