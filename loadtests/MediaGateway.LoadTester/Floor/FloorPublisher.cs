using System.Net;
using System.Net.Sockets;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Floor;

/// <summary>Sends made-up tracks as they are to the floor. Key frames come of themselves: nobody asks for them.</summary>
internal sealed class FloorPublisher : IPublisher, IPacketOutput, IFrameSource
{
    private const int SlotSize = 1500;
    private static readonly TimeSpan KeyFrameInterval = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _slot = new byte[SlotSize];
    private readonly IReadOnlyList<PublishedTrack> _settings;
    private readonly List<SyntheticTrack> _tracks = [];
    private ClientLoop? _loop;
    private MonotonicTime _nextKeyFrame;
    private ushort _transportSequence;

    public FloorPublisher(int port, IReadOnlyList<PublishedTrack> tracks)
    {
        _settings = tracks;
        _socket.Connect(IPAddress.Loopback, port);
    }

    public Task Connected => Task.CompletedTask;

    public long PacketsSent => _tracks.Sum(track => track.PacketsSent);

    public MonotonicTime NextFrame => _tracks.Min(track => track.NextPacket);

    public void Attach(ClientLoop loop, MonotonicTime now)
    {
        _loop = loop;
        foreach ((int index, PublishedTrack track) in _settings.Index())
        {
            IReadOnlyList<TrackSettings> parts = track.Settings.Parts;
            for (int encoding = 0; encoding < parts.Count; encoding++)
            {
                PayloadType payloadType = FloorPackets.PayloadTypeOf(index, isForwarded: encoding == parts.Count - 1);
                int source = track.SourceOf(encoding);
                var wiring = new TrackWiring(source, FloorPackets.SsrcOf(source), payloadType, track.Settings.IsAudio ? 48_000 : 90_000);
                _tracks.Add(new SyntheticTrack(parts[encoding], wiring, track.FirstFrame(now)));
            }
        }
        loop.Add(this);
    }

    public void Detach(MonotonicTime now)
    {
        _loop?.Remove(this);
        Dispose();
    }

    public void Dispose() => _socket.Dispose();

    public void SendFrame(MonotonicTime now)
    {
        bool isKeyFrameDue = now >= _nextKeyFrame;
        if (isKeyFrameDue)
            _nextKeyFrame = now + KeyFrameInterval;
        foreach (SyntheticTrack track in _tracks)
        {
            if (isKeyFrameDue)
                track.RequestKeyFrame();
            if (track.NextPacket <= now)
                track.Send(this, now);
        }
    }

    public bool TryReserve(out Span<byte> slot)
    {
        slot = _slot;
        return true;
    }

    public ushort NextTransportSequence() => ++_transportSequence;

    public void Send(Span<byte> slot, int length, int headerLength, Ssrc ssrc, ExtendedSequence index) => _socket.Send(slot[..length]);
}
