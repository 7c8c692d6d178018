using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// One authenticated, decrypted packet of a publisher's encoding on its way up. Everything is borrowed for the call.
/// A retransmission appears as the original packet that it carried.
/// </summary>
public readonly ref struct MediaPacket
{
    public MediaPacket(RtpReceiveStream stream, RtpCodec codec, ExtendedSequence sequence, ReadOnlySpan<byte> bytes, RtpPacketView view)
    {
        Stream = stream;
        Codec = codec;
        Sequence = sequence;
        Bytes = bytes;
        View = view;
    }

    public RtpReceiveStream Stream { get; }

    public RtpCodec Codec { get; }

    public ExtendedSequence Sequence { get; }

    /// <summary>The whole packet, header first, without SRTP tag.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public RtpPacketView View { get; }
}
