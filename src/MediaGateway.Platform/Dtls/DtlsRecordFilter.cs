using System.Buffers.Binary;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// Stands before libssl and drops, whole, every datagram that holds a record no DTLS 1.2 peer of ours sends. Without
/// it one forged record of less than an AEAD's overhead ends an established connection (OpenSSL before 3.0.22), and
/// records of a future epoch pin 17 KB each. It looks at lengths and types only: nothing here is authenticated.
/// </summary>
internal sealed class DtlsRecordFilter(DtlsRole role)
{
    /// <summary>Encrypted records let through before the handshake completes: libssl buffers them.</summary>
    internal const int MaxEarlyRecords = 16;

    private const int RecordHeaderLength = 13;
    private const int HandshakeHeaderLength = 12;
    private const int MaxHandshakeMessage = 16384;

    // RFC 5288 section 3: 8 bytes of explicit nonce and 16 of tag; and at least one byte of content.
    private const int MinEncryptedRecord = 8 + 16 + 1;

    private const ushort Dtls10 = 0xFEFF;
    private const ushort Dtls12 = 0xFEFD;

    private int _earlyRecords;

    /// <summary>True when the handshake is complete.</summary>
    internal bool IsConnected { get; set; }

    /// <summary>
    /// Returns why the datagram is to be dropped, or <see cref="DropReason.None"/>. Only an accepted datagram changes the filter.
    /// </summary>
    internal DropReason Check(ReadOnlySpan<byte> datagram)
    {
        int earlyRecords = _earlyRecords;
        do
        {
            // RFC 6347 section 4.1: type, version, epoch, 48-bit sequence number, length.
            if (datagram.Length < RecordHeaderLength)
                return DropReason.DtlsMalformed;
            var type = (DtlsContentType)datagram[0];
            ushort version = BinaryPrimitives.ReadUInt16BigEndian(datagram[1..]);
            ushort epoch = BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
            datagram = datagram[RecordHeaderLength..];
            if (version is not (Dtls10 or Dtls12) || length == 0 || length > datagram.Length)
                return DropReason.DtlsMalformed;

            DropReason reason = epoch switch
            {
                0 => CheckPlaintext(type, datagram[..length]),
                1 => CheckEncrypted(type, length, ref earlyRecords),
                _ => DropReason.DtlsIllegalRecord,
            };
            if (reason != DropReason.None)
                return reason;
            datagram = datagram[length..];
        }
        while (!datagram.IsEmpty);

        _earlyRecords = earlyRecords;
        return DropReason.None;
    }

    private DropReason CheckEncrypted(DtlsContentType type, int length, ref int earlyRecords)
    {
        if (type is not (DtlsContentType.Alert or DtlsContentType.Handshake or DtlsContentType.ApplicationData))
            return DropReason.DtlsIllegalRecord;
        if (length < MinEncryptedRecord)
            return DropReason.DtlsMalformed;
        return IsConnected || ++earlyRecords <= MaxEarlyRecords ? DropReason.None : DropReason.DtlsTooManyEarlyRecords;
    }

    private DropReason CheckPlaintext(DtlsContentType type, ReadOnlySpan<byte> record) => type switch
    {
        DtlsContentType.ChangeCipherSpec => record is [1] ? DropReason.None : DropReason.DtlsMalformed,
        DtlsContentType.Alert => CheckAlert(record),
        DtlsContentType.Handshake => CheckHandshake(record),
        _ => DropReason.DtlsIllegalRecord,
    };

    /// <summary>
    /// Tells whether a plaintext alert, which anybody may have sent, is let through. Only a client in its handshake listens to one, to fail
    /// at once when the server has nothing in common with it; a server would only start over (<see cref="OpenSslDtlsEndpoint"/>).
    /// </summary>
    private DropReason CheckAlert(ReadOnlySpan<byte> record)
    {
        if (record is not [1 or 2, _])
            return DropReason.DtlsMalformed;
        return role == DtlsRole.Client && !IsConnected ? DropReason.None : DropReason.DtlsIllegalRecord;
    }

    private DropReason CheckHandshake(ReadOnlySpan<byte> record)
    {
        do
        {
            // RFC 6347 section 4.2.2: type, 24-bit length, message_seq, 24-bit fragment offset and length.
            if (record.Length < HandshakeHeaderLength)
                return DropReason.DtlsMalformed;
            var type = (DtlsHandshakeType)record[0];
            int length = ReadUInt24(record[1..]);
            int fragmentOffset = ReadUInt24(record[6..]);
            int fragmentLength = ReadUInt24(record[9..]);
            record = record[HandshakeHeaderLength..];
            if (length > MaxHandshakeMessage || fragmentOffset + fragmentLength > length || fragmentLength > record.Length)
                return DropReason.DtlsMalformed;
            if (!IsFromPeer(type))
                return DropReason.DtlsIllegalRecord;
            if (fragmentLength == 0 && !(length == 0 && MayBeEmpty(type)))
                return DropReason.DtlsMalformed;
            record = record[fragmentLength..];
        }
        while (!record.IsEmpty);
        return DropReason.None;
    }

    private bool IsFromPeer(DtlsHandshakeType type) => role == DtlsRole.Server
        ? type is DtlsHandshakeType.ClientHello or DtlsHandshakeType.Certificate or DtlsHandshakeType.ClientKeyExchange
            or DtlsHandshakeType.CertificateVerify
        : type is DtlsHandshakeType.HelloRequest or DtlsHandshakeType.ServerHello or DtlsHandshakeType.HelloVerifyRequest
            or DtlsHandshakeType.NewSessionTicket or DtlsHandshakeType.Certificate or DtlsHandshakeType.ServerKeyExchange
            or DtlsHandshakeType.CertificateRequest or DtlsHandshakeType.ServerHelloDone or DtlsHandshakeType.CertificateStatus;

    private static bool MayBeEmpty(DtlsHandshakeType type) =>
        type is DtlsHandshakeType.HelloRequest or DtlsHandshakeType.ServerHelloDone;

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] << 16 | bytes[1] << 8 | bytes[2];
}
