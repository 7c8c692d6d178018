using System.Buffers.Binary;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>Makes pictures of layer frames of packets, each of which can be told from all others.</summary>
internal sealed class LayeredPublisher
{
    public const byte DescriptorId = 7;
    public static readonly HeaderExtensionMap Extensions = new([new(HeaderExtensionKind.DependencyDescriptor, DescriptorId)]);

    private readonly LayeredFormat _format;
    private readonly Random _random;
    private readonly Encoding[] _encodings;
    private int _picture;

    public LayeredPublisher(LayeredFormat format, Random random)
    {
        _format = format;
        _random = random;
        Codec = new RtpCodec(format.Codec, new PayloadType(96), 90_000, 1, "", new PayloadType(97), RtcpFeedbackKinds.Nack);
        var clock = new RemoteClock();
        _encodings = [.. Enumerable.Range(0, format.Encodings).Select(index => new Encoding(index, format, Codec, clock, random))];
    }

    public RtpCodec Codec { get; }

    public List<SentFrame> Frames { get; } = [];

    public PublishedEncoding this[int encoding] => _encodings[encoding].Published;

    /// <summary>Number of bytes at the beginning of a payload that are the codec's descriptor and header.</summary>
    public static int HeaderLength(CodecKind codec) => codec switch
    {
        CodecKind.Vp8 => 7,
        CodecKind.Vp9 => 5,
        _ => 2,
    };

    public void RequestKeyFrame(PublishedEncoding encoding) =>
        _encodings.First(candidate => candidate.Published == encoding).KeyFrameWanted = true;

    /// <summary>The packets of the next picture of all encodings, in the order they are sent.</summary>
    public List<SentPacket> NextPicture()
    {
        List<SentPacket> packets = [];
        foreach (Encoding encoding in _encodings)
            AddPicture(encoding, packets);
        _picture++;
        return packets;
    }

    private void AddPicture(Encoding encoding, List<SentPacket> packets)
    {
        bool isKey = encoding.KeyFrameWanted;
        encoding.KeyFrameWanted = false;
        encoding.Position = isKey || !_format.HasTemporalLayers ? 0 : (encoding.Position + 1) % TemporalPattern.Length;
        encoding.PictureId++;
        if (isKey || TemporalPattern.LayerOf(encoding.Position) == 0)
            encoding.Tl0PicIdx++;
        for (int spatial = 0; spatial < _format.SpatialLayers; spatial++)
        {
            SentFrame frame = AddFrame(encoding, spatial, isKey);
            encoding.FrameNumber++;
            int count = _random.Next(1, 5);
            for (int i = 0; i < count; i++)
                frame.Packets.Add(Packet(encoding, frame, i, count));
            packets.AddRange(frame.Packets);
        }
        if (_random.Next(20) == 0)
            packets.Add(Padding(encoding));
    }

    private SentFrame AddFrame(Encoding encoding, int spatial, bool isKey)
    {
        int temporal = _format.HasUnreferredPictures ? (isKey ? 0 : _picture % 2) : TemporalPattern.LayerOf(encoding.Position);
        List<int> references = isKey ? []
            : [.. TemporalPattern.References(encoding.Position).Select(layer => encoding.Newest[spatial, layer])];
        if (spatial > 0 && (isKey || !_format.OnlyKeyPicturesPredictUpwards))
            references.Add(Frames[^1].Id);
        var frame = new SentFrame(Frames.Count, encoding.Index, _picture, spatial, temporal, isKey, [.. references]);
        Frames.Add(frame);
        for (int layer = temporal; layer < 3; layer++)
        {
            if (isKey || layer == temporal)
                encoding.Newest[spatial, layer] = frame.Id;
        }
        return frame;
    }

    private SentPacket Packet(Encoding encoding, SentFrame frame, int index, int count)
    {
        bool starts = index == 0, ends = index == count - 1;
        byte[] payload = new byte[HeaderLength(_format.Codec) + 5 + (frame.Id * 7 + index * 5) % 40];
        Span<byte> body = payload.AsSpan(HeaderLength(_format.Codec));
        for (int i = 0; i < body.Length; i++)
            body[i] = (byte)(frame.Id * 31 + index * 17 + i);
        BinaryPrimitives.WriteInt32BigEndian(body, frame.Id);
        body[4] = (byte)index;
        WriteHeader(payload, encoding, frame, starts, ends);
        byte[] descriptor = _format.HasDescriptor
            ? encoding.Descriptors.Write(frame, encoding.Position, encoding.FrameNumber, starts, ends) : [];
        return Packet(encoding, payload, descriptor, marker: ends && frame.Spatial == _format.SpatialLayers - 1);
    }

    private SentPacket Padding(Encoding encoding) => Packet(encoding, [], [], marker: false);

    private SentPacket Packet(Encoding encoding, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> descriptor, bool marker)
    {
        byte[] packet = new byte[500];
        var writer = new RtpPacketWriter(packet);
        encoding.Sequence += 1;
        writer.WriteHeader(marker, Codec.PayloadType, encoding.Sequence.Wire,
            new RtpTimestamp(encoding.FirstTimestamp + (uint)_picture * 3000), new Ssrc(1));
        if (!descriptor.IsEmpty)
            writer.WriteExtension(DescriptorId, descriptor);
        int length = writer.FinishHeader();
        payload.CopyTo(packet.AsSpan(length));
        return new SentPacket(encoding.Index, encoding.Sequence, packet[..(length + payload.Length)]);
    }

    private void WriteHeader(Span<byte> payload, Encoding encoding, SentFrame frame, bool starts, bool ends)
    {
        switch (_format.Codec)
        {
            case CodecKind.Vp8:
                payload[0] = (byte)(0x80 | (starts ? 0x10 : 0));
                payload[1] = 0xE0;
                BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | encoding.PictureId));
                payload[4] = encoding.Tl0PicIdx;
                payload[5] = (byte)(frame.Temporal << 6 | (TemporalPattern.IsLayerSync(encoding.Position) ? 0x20 : 0));
                payload[6] = frame.IsKey ? (byte)0 : (byte)1;
                break;
            case CodecKind.Vp9:
                bool isDependent = frame.Spatial > 0 && (frame.IsKey || !_format.OnlyKeyPicturesPredictUpwards);
                payload[0] = (byte)(0xA0 | (frame.IsKey ? 0 : 0x40) | (starts ? 0x08 : 0) | (ends ? 0x04 : 0));
                BinaryPrimitives.WriteUInt16BigEndian(payload[1..], (ushort)(0x8000 | encoding.PictureId));
                payload[3] = (byte)(frame.Temporal << 5
                    | (TemporalPattern.IsSwitchingUpPoint(encoding.Position) ? 0x10 : 0) | frame.Spatial << 1 | (isDependent ? 1 : 0));
                payload[4] = encoding.Tl0PicIdx;
                break;
            case CodecKind.H264:
                payload[0] = (byte)((_format.HasUnreferredPictures && frame.Temporal > 0 ? 0 : 0x60) | (frame.IsKey ? starts ? 7 : 5 : 1));
                break;
            default:
                payload[0] = (byte)(frame.IsKey && starts ? 0x18 : 0x10);
                payload[1] = 0x32;
                break;
        }
    }

    private sealed class Encoding(int index, LayeredFormat format, RtpCodec codec, RemoteClock clock, Random random)
    {
        private ushort _pictureId = (ushort)random.Next(0x8000);

        public int Index => index;

        public PublishedEncoding Published { get; } = new(new RtpReceiveStream(index, null, codec), keepHistory: true, clock, Extensions);

        public DescriptorWriter Descriptors { get; } = new(format, random.Next(64));

        public int[,] Newest { get; } = new int[format.SpatialLayers, 3];

        public uint FirstTimestamp { get; } = (uint)random.NextInt64(uint.MaxValue);

        public ExtendedSequence Sequence { get; set; } = new(random.Next(1, 100_000));

        public ushort PictureId
        {
            get => _pictureId;
            set => _pictureId = (ushort)(value & 0x7FFF);
        }

        public byte Tl0PicIdx { get; set; } = (byte)random.Next(256);

        public ushort FrameNumber { get; set; } = (ushort)random.Next(65_536);

        public int Position { get; set; }

        public bool KeyFrameWanted { get; set; } = true;
    }
}
