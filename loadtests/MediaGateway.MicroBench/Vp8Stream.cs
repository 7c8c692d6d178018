using System.Buffers.Binary;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.MicroBench;

/// <summary>
/// A publisher's VP8 in two temporal layers, 9 packets of 1,200 bytes a picture, one packet after the other in one buffer.
/// </summary>
internal sealed class Vp8Stream
{
    public static readonly RtpCodec Codec = new(
        CodecKind.Vp8, BenchPackets.Vp8, ClockRate: 90_000, Channels: 1, "", new PayloadType(97), RtcpFeedbackKinds.Nack);

    private const int PacketsPerPicture = 9;

    private readonly byte[] _packet = BenchPackets.Video();
    private readonly int _payloadOffset;
    private readonly RtpReceiveStream _stream;
    private uint _timestamp;
    private ushort _picture;
    private byte _tl0;

    /// <summary>Makes a stream whose first packet begins a key frame.</summary>
    public Vp8Stream(RtpReceiveStream stream)
    {
        _stream = stream;
        _payloadOffset = _packet.Length - BenchPackets.VideoPayload;
        Stamp();
    }

    public ExtendedSequence Sequence { get; private set; }

    public ReadOnlySpan<byte> Bytes => _packet;

    public MediaPacket Packet => RtpPacketView.TryParse(_packet, out RtpPacketView view)
        ? new MediaPacket(_stream, Codec, Sequence, _packet, view)
        : throw new InvalidOperationException("The packet is malformed.");

    public void Next()
    {
        Sequence += 1;
        if (Sequence.Value % PacketsPerPicture == 0)
        {
            _timestamp += 3000;
            _picture++;
            _tl0 += (byte)(_picture % 2 == 0 ? 1 : 0);
        }
        Stamp();
    }

    private void Stamp()
    {
        int place = (int)(Sequence.Value % PacketsPerPicture);
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), Sequence.Wire.Value);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _timestamp);
        _packet[1] = (byte)(BenchPackets.Vp8.Value | (place == PacketsPerPicture - 1 ? 0x80 : 0));
        // RFC 7741 section 4.2: S, a 15-bit picture id, TL0PICIDX, TID; T1 leans on T0 alone (Y). Then section 4.3's P bit.
        Span<byte> payload = _packet.AsSpan(_payloadOffset);
        payload[0] = (byte)(0x80 | (place == 0 ? 0x10 : 0));
        payload[1] = 0xE0;
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | _picture));
        payload[4] = _tl0;
        payload[5] = (byte)(_picture % 2 == 0 ? 0 : 0x60);
        payload[6] = (byte)(Sequence.Value < PacketsPerPicture ? 0 : 1);
    }
}
