using System.Buffers.Binary;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;

namespace MediaGateway.Attack.Senders;

/// <summary>A DTLS connection that sees the SCTP packets of its transport, and does not send them when it is to be silent.</summary>
internal sealed class TappedEndpoint(IDtlsEndpoint endpoint) : IDtlsEndpoint
{
    private const int VerificationTagOffset = 4;
    private const int InitialTsnOffset = SctpPacketReader.HeaderLength + SctpChunk.HeaderLength + 12;

    /// <summary>The tag that the gateway's association answers to; 0 before it is known.</summary>
    public uint RemoteTag { get; private set; }

    /// <summary>True once it has sent the cookie or its acknowledgment, which only leave after both ends have each other's tags.</summary>
    public bool IsAssociated { get; private set; }

    /// <summary>The number that its own data begins with.</summary>
    public Tsn InitialTsn { get; private set; }

    /// <summary>True while nothing that the transport sends is sent: a reader who does not read, as its acknowledgments show.</summary>
    public bool IsSilent { get; set; }

    public DtlsState State => endpoint.State;

    public MonotonicTime NextTimeout => endpoint.NextTimeout;

    public void Start(MonotonicTime now) => endpoint.Start(now);

    public DropReason OnDatagram(ReadOnlySpan<byte> datagram, MonotonicTime now) => endpoint.OnDatagram(datagram, now);

    public void OnStandstill(TimeSpan time, MonotonicTime now) => endpoint.OnStandstill(time, now);

    public void OnTimeout(MonotonicTime now) => endpoint.OnTimeout(now);

    public bool TrySend(ReadOnlySpan<byte> data, MonotonicTime now)
    {
        IsAssociated |= (SctpChunkType)data[SctpPacketReader.HeaderLength] is SctpChunkType.CookieEcho or SctpChunkType.CookieAck;
        uint tag = BinaryPrimitives.ReadUInt32BigEndian(data[VerificationTagOffset..]);
        // RFC 9260 section 8.5.1: an INIT has none, and everything after it the receiver's own.
        if (tag != 0)
            RemoteTag = tag;
        else
            InitialTsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(data[InitialTsnOffset..]));
        return IsSilent || endpoint.TrySend(data, now);
    }

    /// <summary>Sends a packet of one's own making.</summary>
    public bool Inject(ReadOnlySpan<byte> packet, MonotonicTime now) => endpoint.TrySend(packet, now);

    public void Close(MonotonicTime now) => endpoint.Close(now);

    public void Dispose() => endpoint.Dispose();
}
