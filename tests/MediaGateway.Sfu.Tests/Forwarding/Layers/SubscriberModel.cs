using System.Buffers.Binary;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>
/// A subscriber that checks each packet against the publisher's to the last bit, puts frames together, and knows which
/// of them a decoder could decode.
/// </summary>
internal sealed class SubscriberModel(LayeredFormat format, List<SentFrame> sent)
{
    private static readonly HeaderExtensionMap Extensions = new([new(HeaderExtensionKind.DependencyDescriptor, 3)]);
    private readonly Dictionary<ushort, byte[]> _datagrams = [];

    public static HeaderExtensionMap HeaderExtensions => Extensions;

    /// <summary>Received packets by outgoing index; null for a packet without payload.</summary>
    public SortedDictionary<long, Delivery?> Received { get; } = [];

    public int Repeated { get; private set; }

    public void Receive(in RewritePlan plan, in RtpPacketView source)
    {
        byte[] datagram = Write(plan, source);
        if (Received.ContainsKey(plan.Sequence.Value))
        {
            Repeated++;
            Assert.Equal(_datagrams[plan.Sequence.Wire.Value], datagram);
            return;
        }
        _datagrams[plan.Sequence.Wire.Value] = datagram;
        Received.Add(plan.Sequence.Value, plan.PayloadOf(source).IsEmpty ? null : Read(datagram));
    }

    public IEnumerable<long> Holes()
    {
        long first = Received.Keys.First(), last = Received.Keys.Last();
        for (long number = first; number < last; number++)
        {
            if (!Received.ContainsKey(number))
                yield return number;
        }
    }

    /// <summary>Frames of which every packet is there, in the order of their numbers and without a foreign packet between.</summary>
    public List<SentFrame> CompleteFrames()
    {
        List<SentFrame> frames = [];
        Delivery[] packets = [.. Received.Values.OfType<Delivery>()];
        for (int i = 0; i < packets.Length; i++)
        {
            SentFrame frame = packets[i].Frame;
            if (packets[i].Index == 0
                && i + frame.Packets.Count <= packets.Length
                && packets.Skip(i).Take(frame.Packets.Count).Select((packet, index) => packet.Frame == frame && packet.Index == index)
                    .All(same => same))
                frames.Add(frame);
        }
        return frames;
    }

    public void AssertDecodable()
    {
        HashSet<int> decoded = [];
        foreach (SentFrame frame in CompleteFrames())
        {
            Assert.All(frame.DependsOn, id => Assert.True(
                decoded.Contains(id), $"{frame} has no {sent[id]}"));
            decoded.Add(frame.Id);
        }
        Assert.NotEmpty(decoded);
    }

    /// <summary>Asserts that only a switch of encodings cuts a frame off, and that a key frame follows it.</summary>
    public void AssertFramesAreWhole()
    {
        HashSet<int> complete = [.. CompleteFrames().Select(frame => frame.Id)];
        Delivery[] packets = [.. Received.Values.OfType<Delivery>()];
        for (int i = 0; i < packets.Length; i++)
        {
            if (complete.Contains(packets[i].Frame.Id))
                continue;
            Delivery? next = packets.Skip(i).FirstOrDefault(packet => packet.Frame != packets[i].Frame);
            Assert.True(
                next is null || (next.Frame.Encoding != packets[i].Frame.Encoding && next is { Frame.IsKey: true, Index: 0 }),
                $"{packets[i].Frame} is incomplete and followed by {next?.Frame}");
        }
    }

    /// <summary>Timestamps never go back; each picture that is whole has one, and the marker on its last packet only.</summary>
    public void AssertPicturesAreMarked()
    {
        Delivery[] packets = [.. Received.Values.OfType<Delivery>()];
        for (int i = 1; i < packets.Length; i++)
        {
            Delivery before = packets[i - 1], after = packets[i];
            int step = after.Timestamp.DistanceFrom(before.Timestamp);
            bool samePicture = (before.Frame.Encoding, before.Frame.Picture) == (after.Frame.Encoding, after.Frame.Picture);
            Assert.True(samePicture ? step == 0 : step > 0, $"{before.Frame} to {after.Frame}: {step}");
            if (before.Frame.Encoding == after.Frame.Encoding)
                Assert.True(before.Marker != samePicture, $"{before.Frame}, {before.Index}: marker is {before.Marker}");
        }
    }

    /// <summary>Picture numbers run on as a receiver that knows nothing of layers left out expects them.</summary>
    public void AssertNumbersRunOn()
    {
        Delivery[] pictures = [.. Received.Values.OfType<Delivery>().DistinctBy(packet => (packet.Frame.Encoding, packet.Frame.Picture))];
        for (int i = 1; i < pictures.Length; i++)
            AssertNumbersFollow(pictures[i - 1], pictures[i]);
    }

    private void AssertNumbersFollow(Delivery before, Delivery after)
    {
        // After a pause an encoding goes on with a key frame as if it were another: both may be meant by a gap before one.
        bool isSwitch = before.Frame.Encoding != after.Frame.Encoding || (after.Frame.IsKey && Follows(before, after));
        int pictures = isSwitch || format.Codec == CodecKind.Vp8 ? 1 : after.Frame.Picture - before.Frame.Picture;
        if (format.Codec is CodecKind.Vp8 or CodecKind.Vp9)
        {
            Assert.Equal((before.PictureId + pictures) & 0x7FFF, after.PictureId);
            // Between key frames that are sent alone pictures of the base layer are left out, and a key frame refers to none.
            if (!after.Frame.IsKey || before.Frame.Encoding != after.Frame.Encoding)
                Assert.Equal((byte)(before.Tl0PicIdx + (after.Frame.Temporal == 0 ? 1 : 0)), after.Tl0PicIdx);
        }
        else if (format.HasDescriptor && !isSwitch)
        {
            int frames = (after.Frame.Id - before.Frame.Id) / format.Encodings;
            Assert.Equal((ushort)(before.FrameNumber + frames), after.FrameNumber);
        }
        else if (format.HasDescriptor)
        {
            Assert.True((short)(after.FrameNumber - before.FrameNumber) > 0);
        }
    }

    private bool Follows(Delivery before, Delivery after) => format.Codec is CodecKind.Vp8 or CodecKind.Vp9
        ? after.PictureId == ((before.PictureId + 1) & 0x7FFF)
        : (ushort)(after.FrameNumber - before.FrameNumber) <= format.SpatialLayers;

    private static byte[] Write(in RewritePlan plan, in RtpPacketView source)
    {
        byte[] packet = new byte[1000];
        var writer = new RtpPacketWriter(packet);
        writer.WriteHeader(plan.Marker, plan.PayloadType, plan.Sequence.Wire, plan.Timestamp, new Ssrc(2));
        plan.WriteExtensions(ref writer, source);
        int length = writer.FinishHeader(), payloadLength = plan.PayloadOf(source).Length;
        plan.WritePayload(packet.AsSpan(length, payloadLength), source);
        return packet[..(length + payloadLength)];
    }

    private Delivery Read(byte[] datagram)
    {
        Assert.True(RtpPacketView.TryParse(datagram, out RtpPacketView view));
        byte[] payload = view.Payload.ToArray();
        int header = LayeredPublisher.HeaderLength(format.Codec);
        SentFrame frame = sent[BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(header))];
        int index = payload[header + 4];
        Assert.True(RtpPacketView.TryParse(frame.Packets[index].Bytes, out RtpPacketView original));
        var delivery = new Delivery(frame, index, view.Timestamp, view.Marker);
        if (format.Codec is CodecKind.Vp8 or CodecKind.Vp9)
        {
            int numbers = format.Codec == CodecKind.Vp8 ? 2 : 1, tl0 = 4;
            delivery.PictureId = BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(numbers)) & 0x7FFF;
            delivery.Tl0PicIdx = payload[tl0];
            original.Payload.Slice(numbers, 2).CopyTo(payload.AsSpan(numbers));
            payload[tl0] = original.Payload[tl0];
        }
        Assert.Equal(original.Payload.ToArray(), payload);
        if (format.HasDescriptor)
            delivery.FrameNumber = ReadDescriptor(view, original);
        return delivery;
    }

    private static ushort ReadDescriptor(in RtpPacketView view, in RtpPacketView original)
    {
        Assert.True(view.TryGetExtension(Extensions.IdOf(HeaderExtensionKind.DependencyDescriptor), out ReadOnlySpan<byte> descriptor));
        Assert.True(original.TryGetExtension(LayeredPublisher.DescriptorId, out ReadOnlySpan<byte> before));
        Assert.Equal(before[0], descriptor[0]);
        Assert.Equal(before[3..].ToArray(), descriptor[3..].ToArray());
        return BinaryPrimitives.ReadUInt16BigEndian(descriptor[1..]);
    }
}
