using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>
/// A publisher and viewers of whose lines an estimate is known or not. Media that the worker sends is kept, with the millisecond in which
/// it left.
/// </summary>
internal sealed class PacedCall : IDisposable
{
    /// <summary>Payload of a packet of the picture, bytes.</summary>
    public const int PayloadBytes = 1100;

    private readonly List<(Viewer Viewer, NetworkPath Path)> _viewers = [];
    private readonly Dictionary<NetworkPath, SrtpReceiver> _receivers = [];
    private readonly RemotePeer _publisher;
    private ushort _video = 65_500;
    private ushort _audio = 7;
    private uint _pictures;

    /// <param name="seed">All chance comes from it.</param>
    /// <param name="viewers">Number of viewers.</param>
    /// <param name="estimates">True for viewers whose lines the gateway estimates itself: packets are numbered.</param>
    public PacedCall(int seed = 1, int viewers = 1, bool estimates = false)
    {
        Call = new SimulatedCall(seed, estimatesBandwidth: estimates);
        (_, _publisher) = Call.OpenPublisher(SimulatedCall.PathOf(1));
        Call.Connect(_publisher);
        for (int i = 0; i < viewers; i++)
        {
            NetworkPath path = SimulatedCall.PathOf(10 + i);
            (Viewer viewer, RemotePeer remote) = Call.OpenViewer(path);
            Call.Connect(remote);
            _viewers.Add((viewer, path));
            _receivers.Add(path, remote.CreateReceiver());
        }
        Take();
        Sent.Clear();
    }

    public SimulatedCall Call { get; }

    public List<SentMedia> Sent { get; } = [];

    public Viewer Viewer(int index) => _viewers[index].Viewer;

    /// <summary>Media that one viewer was sent.</summary>
    public SentMedia[] SentTo(int viewer, bool video = true) =>
        [.. Sent.Where(sent => sent.Path == _viewers[viewer].Path && sent.IsVideo == video)];

    public void SetEstimate(double? megabits, int viewer = 0) =>
        Viewer(viewer).Downlink.SetEstimate(megabits is { } rate ? new Bitrate((long)(rate * 1e6)) : null, Call.Now);

    /// <summary>Makes a picture of so many packets.</summary>
    public List<byte[]> Picture(int packets, bool isKey = false)
    {
        _pictures++;
        List<byte[]> datagrams = [];
        for (int packet = 0; packet < packets; packet++)
        {
            byte start = packet == 0 ? (byte)0x10 : (byte)0;
            byte[] payload = [start, isKey && packet == 0 ? (byte)0x10 : (byte)0x11, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00];
            Array.Resize(ref payload, PayloadBytes);
            datagrams.Add(_publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, _video++, _pictures * 3000, payload));
        }
        return datagrams;
    }

    public byte[] Sound()
    {
        ushort number = _audio++;
        return _publisher.CreateMedia(RemoteOffer.Audio, RemoteOffer.Opus, number, number * 960u, new byte[80]);
    }

    /// <summary>The datagrams come from the publisher in one batch.</summary>
    public void Receive(IEnumerable<byte[]> datagrams)
    {
        foreach (byte[] datagram in datagrams)
            Call.Worker.OnDatagram([.. datagram], _publisher.Path, Call.Now);
        Call.Worker.OnTick(Call.Now);
        Take();
    }

    /// <summary>Time passes, a millisecond a turn.</summary>
    public void Run(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            Call.AdvanceQuietly(TimeSpan.FromMilliseconds(1));
            Take();
        }
    }

    public void Dispose()
    {
        foreach (SrtpReceiver receiver in _receivers.Values)
            receiver.Dispose();
        Call.Dispose();
    }

    /// <summary>Takes what the worker has sent.</summary>
    public void Take()
    {
        while (Call.Sent.TryTake(out (NetworkPath Path, byte[] Bytes) sent))
        {
            // RTP by the second byte (RFC 5761 section 4).
            if (sent.Bytes[0] >> 6 == 2 && sent.Bytes[1] is < 192 or > 223 && RtpHeader.TryParse(sent.Bytes, out RtpHeader header))
                Sent.Add(new SentMedia(Call.Now, sent.Path, header, Read(_receivers[sent.Path], sent.Bytes, header)));
        }
    }

    /// <summary>Reads all of a packet but its transport-wide number, which says when it left.</summary>
    private static string Read(SrtpReceiver receiver, byte[] datagram, in RtpHeader header)
    {
        Assert.Equal(DropReason.None, receiver.UnprotectRtp(datagram, header, out int length, out _));
        Assert.True(RtpPacketView.TryParse(datagram.AsSpan(0, length), out RtpPacketView view));
        var text = new StringBuilder(
            $"{header.Ssrc} {header.PayloadType} {header.SequenceNumber.Value} {view.Timestamp.Value} {view.Marker}");
        foreach (RtpExtension extension in view.GetExtensions())
        {
            if (extension.Id != RemoteOffer.TransportSequenceExtension)
                text.Append($" {extension.Id}={Convert.ToHexString(extension.Value)}");
        }
        return text.Append(' ').Append(Convert.ToHexString(view.Payload)).ToString();
    }

    /// <param name="Time">When it left.</param>
    /// <param name="Path">Where to.</param>
    /// <param name="Header">Its header.</param>
    /// <param name="Text">All of it but its transport-wide number.</param>
    internal readonly record struct SentMedia(MonotonicTime Time, NetworkPath Path, RtpHeader Header, string Text)
    {
        public bool IsVideo => Header.PayloadType != RemoteOffer.Opus;

        public ushort Number => Header.SequenceNumber.Value;

        public bool IsRetransmission => Header.PayloadType == RemoteOffer.Vp8Retransmission;

        /// <summary>Number of the packet that one of the RTX stream repeats (RFC 4588 section 4); null for padding alone.</summary>
        public ushort? Original => Text[(Text.LastIndexOf(' ') + 1)..] is { Length: >= 4 } payload
            ? Convert.ToUInt16(payload[..4], 16) : null;
    }
}
