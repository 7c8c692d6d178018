using System.Buffers.Binary;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Srtp;

/// <summary>AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).</summary>
internal sealed class GcmTransform(SrtpSessionKeys keys) : SrtpTransform
{
    // RFC 7714 section 9.2: the clear header, then the E flag and index.
    private const int RtcpAssociatedDataLength = RtcpClearLength + IndexWordLength;

    private readonly PacketAead _aead = PacketAead.Create(keys.EncryptionKey);
    private readonly UInt128 _salt = keys.Salt;

    public override int RtpOverhead => PacketAead.TagLength;

    // RFC 7714 section 8: header as associated data | ciphertext | tag.
    public override void ProtectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, ExtendedSequence index)
    {
        int textEnd = packet.Length - PacketAead.TagLength;
        _aead.Seal(
            PacketId(ssrc, (ulong)index.Value) ^ _salt, packet[..headerLength], packet[headerLength..textEnd], packet[textEnd..]);
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, ExtendedSequence index)
    {
        int textEnd = packet.Length - PacketAead.TagLength;
        return _aead.TryOpen(
            PacketId(ssrc, (ulong)index.Value) ^ _salt, packet[..headerLength], packet[headerLength..textEnd], packet[textEnd..]);
    }

    // RFC 7714 section 9: clear header | ciphertext | tag | E flag and index.
    public override void ProtectRtcp(Span<byte> packet, Ssrc sender, uint index)
    {
        Span<byte> associatedData = stackalloc byte[RtcpAssociatedDataLength];
        BinaryPrimitives.WriteUInt32BigEndian(packet[^IndexWordLength..], index | EncryptedFlag);
        CopyRtcpAssociatedData(packet, associatedData);
        int textEnd = packet.Length - RtcpOverhead;
        _aead.Seal(
            PacketId(sender, index) ^ _salt,
            associatedData,
            packet[RtcpClearLength..textEnd],
            packet.Slice(textEnd, PacketAead.TagLength));
    }

    public override bool TryUnprotectRtcp(Span<byte> packet, Ssrc sender, uint index)
    {
        Span<byte> associatedData = stackalloc byte[RtcpAssociatedDataLength];
        CopyRtcpAssociatedData(packet, associatedData);
        int textEnd = packet.Length - RtcpOverhead;
        return _aead.TryOpen(
            PacketId(sender, index) ^ _salt,
            associatedData,
            packet[RtcpClearLength..textEnd],
            packet.Slice(textEnd, PacketAead.TagLength));
    }

    public override uint ReadIndexWord(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[^IndexWordLength..]);

    public override void Prefetch(IPrefetcher prefetcher) => _aead.Prefetch(prefetcher);

    public override void Dispose() => _aead.Dispose();

    private static void CopyRtcpAssociatedData(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        packet[..RtcpClearLength].CopyTo(destination);
        packet[^IndexWordLength..].CopyTo(destination[RtcpClearLength..]);
    }
}
