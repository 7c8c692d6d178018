using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Srtp;

/// <summary>AES_CM_128_HMAC_SHA1_80 (RFC 3711 sections 4.1.1 and 4.2.1). The tag is verified before anything is decrypted.</summary>
internal sealed class AesCmTransform(SrtpSessionKeys keys) : SrtpTransform
{
    private const int TagLength = 10;
    private const int RollOverCounterLength = sizeof(uint);

    private readonly AesCounterMode _cipher = new(keys.EncryptionKey);
    private readonly IncrementalHash _mac = CreateMac(keys.AuthenticationKey);
    private readonly UInt128 _salt = keys.Salt;

    public override int RtpOverhead => TagLength;

    // Header | ciphertext | tag over both and the ROC, which does not travel (section 4.2).
    public override void ProtectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, ExtendedSequence index)
    {
        int textEnd = packet.Length - TagLength;
        _cipher.Xor(CounterOf(ssrc, (ulong)index.Value), packet[headerLength..textEnd]);
        Span<byte> tag = stackalloc byte[SHA1.HashSizeInBytes];
        ComputeRtpTag(packet[..textEnd], index.RollOverCounter, tag);
        tag[..TagLength].CopyTo(packet[textEnd..]);
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, ExtendedSequence index)
    {
        int textEnd = packet.Length - TagLength;
        Span<byte> tag = stackalloc byte[SHA1.HashSizeInBytes];
        ComputeRtpTag(packet[..textEnd], index.RollOverCounter, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag[..TagLength], packet[textEnd..]))
            return false;
        _cipher.Xor(CounterOf(ssrc, (ulong)index.Value), packet[headerLength..textEnd]);
        return true;
    }

    // Clear header | ciphertext | E flag and index | tag over all of it (section 3.4).
    public override void ProtectRtcp(Span<byte> packet, Ssrc sender, uint index)
    {
        int textEnd = packet.Length - RtcpOverhead;
        _cipher.Xor(CounterOf(sender, index), packet[RtcpClearLength..textEnd]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[textEnd..], index | EncryptedFlag);
        Span<byte> tag = stackalloc byte[SHA1.HashSizeInBytes];
        ComputeTag(packet[..^TagLength], tag);
        tag[..TagLength].CopyTo(packet[^TagLength..]);
    }

    public override bool TryUnprotectRtcp(Span<byte> packet, Ssrc sender, uint index)
    {
        int textEnd = packet.Length - RtcpOverhead;
        Span<byte> tag = stackalloc byte[SHA1.HashSizeInBytes];
        ComputeTag(packet[..^TagLength], tag);
        if (!CryptographicOperations.FixedTimeEquals(tag[..TagLength], packet[^TagLength..]))
            return false;
        _cipher.Xor(CounterOf(sender, index), packet[RtcpClearLength..textEnd]);
        return true;
    }

    public override uint ReadIndexWord(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[^RtcpOverhead..]);

    public override void Dispose()
    {
        _cipher.Dispose();
        _mac.Dispose();
    }

    private UInt128 CounterOf(Ssrc ssrc, ulong index) => (PacketId(ssrc, index) ^ _salt) << 16;

    private void ComputeRtpTag(ReadOnlySpan<byte> authenticated, uint rollOverCounter, Span<byte> tag)
    {
        Span<byte> rollOverBytes = stackalloc byte[RollOverCounterLength];
        BinaryPrimitives.WriteUInt32BigEndian(rollOverBytes, rollOverCounter);
        _mac.AppendData(authenticated);
        ComputeTag(rollOverBytes, tag);
    }

    private void ComputeTag(ReadOnlySpan<byte> authenticated, Span<byte> tag)
    {
        _mac.AppendData(authenticated);
        _mac.GetHashAndReset(tag);
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "The profile demands it; HMAC does not need collision resistance.")]
    private static IncrementalHash CreateMac(byte[] key) => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, key);
}
