using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// A media section we send (the W3C's RTCRtpSender): one SSRC, whatever sources feed it. Writes each packet once, into
/// the slot it leaves from, and encrypts it there. Lives on over later negotiations as long as the section has this SSRC.
/// <para><b>Whatever has left under an SRTP index leaves again under it as the same bytes, or not at all.</b> So a packet that carries a
/// transport-wide number is sent again on the RTX stream, under another index and number, or with its first number.</para>
/// </summary>
public sealed class RtpSender
{
    /// <summary>Bytes of a packet of padding besides the padding: IPv4, UDP, RTP with MID and number, the tag of AES-GCM.</summary>
    private const int PaddingOverhead = 28 + 12 + 12 + 16;

    private readonly PacketOutlet _outlet;
    private readonly CongestionController _congestion;
    private readonly byte[] _mid;
    private byte _midId;

    /// <summary>Local id of the transport-wide number; 0 when packets carry none.</summary>
    private byte _numberId;

    /// <summary>Numbers of packets that may have to be sent again without RTX; null where none is.</summary>
    private FirstNumbers? _firstNumbers;

    /// <summary>Local id of the time of sending; 0 when packets carry none.</summary>
    private byte _sendTimeId;

    private PayloadType _lastPayloadType;
    private RtpTimestamp _lastTimestamp;
    private ExtendedSequence? _highest;
    private ExtendedSequence? _highestBeforeUpdate;

    internal RtpSender(
        PacketOutlet outlet,
        Mid mid,
        MediaFormat format,
        Ssrc ssrc,
        Ssrc? retransmission,
        ExtendedSequence initialSequence,
        ExtendedSequence initialRetransmissionSequence)
    {
        _outlet = outlet;
        _congestion = outlet.Congestion;
        Mid = mid;
        Kind = format.Kind;
        Codecs = format.Codecs;
        Extensions = format.Extensions;
        InitialSequence = initialSequence;
        Stream = new RtpSendStream(ssrc, retransmission, Codecs[0].ClockRate, initialRetransmissionSequence);
        _mid = Encoding.ASCII.GetBytes(mid.Value);
        SetExtensionIds(format.IsNumbered);
    }

    public Mid Mid { get; }

    public MediaKind Kind { get; }

    /// <summary>May grow or shrink with a later negotiation; a payload type keeps its meaning (RFC 3264 section 8.3.2).</summary>
    public ImmutableArray<RtpCodec> Codecs { get; private set; }

    public HeaderExtensionMap Extensions { get; private set; }

    /// <summary>True when each packet carries a transport-wide number, for which the receiver sends feedback.</summary>
    public bool IsNumbered => _numberId != 0;

    /// <summary>True when packets can be sent that fill a probe: numbered ones on an RTX stream.</summary>
    public bool CanSendFiller => IsNumbered && Stream.RetransmissionSsrc is not null && !IsRemoved;

    /// <summary>True when headers differ from one sending to the next.</summary>
    private bool IsStamped => _numberId != 0 || _sendTimeId != 0;

    public RtpSendStream Stream { get; }

    /// <summary>
    /// The object that answers feedback about the section, for whoever is handed it: found without a search. Not used here. It has no type
    /// for the reason that <see cref="RtpReceiver.Owner"/> has none.
    /// </summary>
    public object? Owner { get; set; }

    /// <summary>Random first sequence number, below 2^15 (RFC 3711 section 3.3.1).</summary>
    public ExtendedSequence InitialSequence { get; }

    /// <summary>A later negotiation ended it: nothing more is sent.</summary>
    public bool IsRemoved { get; internal set; }

    /// <summary>True when keys are in use: before, nothing that is sent arrives.</summary>
    public bool CanSend => !IsRemoved && _outlet.IsOpen;

    /// <summary>Timing that the next sender report states; null until something was sent.</summary>
    public SenderTiming? Timing { get; set; }

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    public void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance > 1)
        {
            _outlet.Prefetch(prefetcher, distance - 1);
            _congestion.Prefetch(prefetcher, distance - 1);
            return;
        }
        prefetcher.Prefetch(_outlet, 2);
        prefetcher.Prefetch(_congestion, 2);
        prefetcher.Prefetch(Stream, 2);
        prefetcher.Prefetch(_mid, 1);
    }

    /// <summary>
    /// Begins a packet with its header, MID and number. It leaves with <see cref="Commit"/>, and only one is open at a time; a packet that
    /// is not committed costs nothing.
    /// </summary>
    /// <param name="header">Its header.</param>
    /// <param name="now">Time at which it leaves.</param>
    /// <param name="packet">The packet, open.</param>
    public DropReason Open(scoped in OutgoingHeader header, MonotonicTime now, out OutgoingPacket packet)
    {
        if (IsRemoved || !_outlet.TryReserve(out Span<byte> slot))
        {
            packet = default;
            return DropReason.NotConnected;
        }
        packet = new OutgoingPacket(slot, header, Stream.Ssrc) { IsNew = true, Time = now };
        WriteExtensions(ref packet, _congestion.NextNumber);
        return DropReason.None;
    }

    /// <summary>
    /// Begins a packet that is sent again: on the RTX stream where negotiated (RFC 4588 section 4), else the same packet as before, of
    /// which the caller has to write the same bytes. One whose header can no longer be the same is not sent again.
    /// </summary>
    /// <param name="header">The header that it was sent with.</param>
    /// <param name="retransmissionType">RTX payload type of its codec; null when there is none.</param>
    /// <param name="payloadLength">Length of its payload, bytes, for the bound on what is sent again.</param>
    /// <param name="now">The time, for the same bound.</param>
    /// <param name="packet">The packet, open.</param>
    public DropReason Reopen(scoped in OutgoingHeader header, PayloadType? retransmissionType, int payloadLength, MonotonicTime now,
        out OutgoingPacket packet)
    {
        packet = default;
        PayloadType? payloadType = Stream.RetransmissionSsrc is null ? null : retransmissionType;
        ushort number = _congestion.NextNumber;
        if (payloadType is null && !CanBeSame(header.Sequence, ref number))
            return DropReason.RetransmissionExpired;
        if (!Stream.TryReserveRetransmission(header.Sequence, payloadLength, now))
            return DropReason.NackBudgetExceeded;
        if (IsRemoved || !_outlet.TryReserve(out Span<byte> slot))
            return DropReason.NotConnected;
        packet = payloadType is { } type
            ? new OutgoingPacket(slot, header, Stream.RetransmissionSsrc!.Value, Stream.NextRetransmissionSequence(), type) { Time = now }
            : new OutgoingPacket(slot, header, Stream.Ssrc) { Time = now };
        WriteExtensions(ref packet, number);
        return DropReason.None;
    }

    /// <summary>
    /// Begins an old packet once more on the RTX stream, to fill a probe: to the receiver it is a repetition, which it drops. Whoever asks
    /// for it bounds it.
    /// </summary>
    /// <param name="header">The header that it was sent with.</param>
    /// <param name="retransmissionType">RTX payload type of its codec; null when there is none.</param>
    /// <param name="now">Time at which it leaves.</param>
    /// <param name="packet">The packet, open.</param>
    public DropReason ReopenAsFiller(scoped in OutgoingHeader header, PayloadType? retransmissionType, MonotonicTime now,
        out OutgoingPacket packet)
    {
        packet = default;
        if (!CanSendFiller || retransmissionType is not { } type)
            return DropReason.RetransmissionExpired;
        if (!_outlet.TryReserve(out Span<byte> slot))
            return DropReason.NotConnected;
        packet = new OutgoingPacket(slot, header, Stream.RetransmissionSsrc!.Value, Stream.NextRetransmissionSequence(), type)
        {
            Time = now,
            IsFiller = true,
        };
        WriteExtensions(ref packet, _congestion.NextNumber);
        return DropReason.None;
    }

    /// <summary>
    /// Sends packets of padding alone (RFC 3550 section 5.1) on the RTX stream, where no receiver takes them for loss or for media.
    /// </summary>
    /// <param name="bytes">How much, on the wire with IP and UDP headers; the last packet may exceed it by its headers.</param>
    /// <param name="now">Time at which they leave.</param>
    /// <returns>Bytes that were sent on the wire; 0 when nothing can be.</returns>
    public int SendPadding(int bytes, MonotonicTime now)
    {
        if (!CanSendFiller || PaddingType() is not { } type)
            return 0;
        var header = new OutgoingHeader(default, _lastTimestamp, type, Marker: false);
        int sent = 0;
        while (sent < bytes && ReopenAsFiller(header, type, now, out OutgoingPacket packet) == DropReason.None)
        {
            packet.WritePadding(Math.Clamp(bytes - sent - PaddingOverhead, 1, byte.MaxValue));
            sent += Send(packet);
        }
        return sent;
    }

    /// <summary>Protects an open packet, whose payload was written, and hands it over for sending.</summary>
    public void Commit(scoped in OutgoingPacket packet)
    {
        Send(packet);
        if (!packet.IsNew)
            return;
        Stream.OnSent(packet.PayloadLength);
        (_lastPayloadType, _lastTimestamp) = (packet.PayloadType, packet.Timestamp);
        if (_highest is not { } highest || packet.Sequence > highest)
            _highest = packet.Sequence;
    }

    /// <summary>
    /// Takes over what a later negotiation says about the section. Where headers may look different from now on, packets
    /// sent before are not sent again as they were: that would be a second header under one SRTP index.
    /// </summary>
    internal void Update(MediaFormat format)
    {
        bool wasNumbered = IsNumbered, hadSendTime = _sendTimeId != 0;
        HeaderExtensionMap before = Extensions;
        bool isSame = Codecs == format.Codecs || Codecs.SequenceEqual(format.Codecs);
        Codecs = format.Codecs;
        Extensions = format.Extensions;
        SetExtensionIds(format.IsNumbered);
        isSame &= wasNumbered == IsNumbered && hadSendTime == (_sendTimeId != 0)
            && (before == Extensions || before.Entries.SequenceEqual(Extensions.Entries));
        if (!isSame)
            _highestBeforeUpdate = _highest;
    }

    private void SetExtensionIds(bool isNumbered)
    {
        _midId = Extensions.IdOf(HeaderExtensionKind.Mid);
        // A picture is repaired all the time: where that cannot be done under new numbers it has none.
        bool canNumber = Kind == MediaKind.Audio || Stream.RetransmissionSsrc is not null;
        _numberId = isNumbered && canNumber ? Extensions.IdOf(HeaderExtensionKind.TransportSequenceNumber) : (byte)0;
        // The receiver's own estimate needs the time of sending (draft-alvestrand-rmcat-remb-03 section 2.1).
        bool needsSendTime = !IsNumbered && canNumber && Kind == MediaKind.Video
            && Codecs.Any(codec => (codec.Feedback & RtcpFeedbackKinds.Remb) != 0);
        _sendTimeId = needsSendTime ? Extensions.IdOf(HeaderExtensionKind.AbsoluteSendTime) : (byte)0;
        if (IsNumbered && Kind == MediaKind.Audio && Codecs.Any(codec => (codec.Feedback & RtcpFeedbackKinds.Nack) != 0))
            _firstNumbers ??= new FirstNumbers();
    }

    /// <summary>Tells whether a packet can be written again with the header that it was sent with; then under this number.</summary>
    private bool CanBeSame(ExtendedSequence sequence, ref ushort number) =>
        (_highestBeforeUpdate is not { } highest || sequence > highest)
        && (!IsStamped || (_firstNumbers is { } numbers && numbers.TryGet(sequence, out number)));

    private void WriteExtensions(ref OutgoingPacket packet, ushort number)
    {
        if (_midId != 0)
            packet.Header.WriteExtension(_midId, _mid);
        if (_numberId != 0)
        {
            Span<byte> value = stackalloc byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16BigEndian(value, number);
            packet.Header.WriteExtension(_numberId, value);
            packet.Number = number;
        }
        else if (_sendTimeId != 0)
        {
            WriteSendTime(ref packet);
        }
    }

    /// <summary>Writes the time of sending: seconds modulo 64, 6 bits before the point and 18 behind it.</summary>
    private void WriteSendTime(ref OutgoingPacket packet)
    {
        long fraction = packet.Time.Ticks % (64 * TimeSpan.TicksPerSecond) * (1 << 18) / TimeSpan.TicksPerSecond;
        packet.Header.WriteExtension(_sendTimeId, [(byte)(fraction >> 16), (byte)(fraction >> 8), (byte)fraction]);
    }

    /// <summary>RTX payload type of the codec that was sent last; null when it has none.</summary>
    private PayloadType? PaddingType()
    {
        foreach (RtpCodec codec in Codecs)
        {
            if (codec.PayloadType == _lastPayloadType)
                return codec.RetransmissionPayloadType;
        }
        return Codecs[0].RetransmissionPayloadType;
    }

    /// <summary>Protects a packet and sends it; returns its length on the wire.</summary>
    private int Send(in OutgoingPacket packet)
    {
        int bytes = _outlet.Commit(packet.Slot, packet.Length, packet.HeaderLength, packet.Ssrc, packet.Index);
        if (packet.IsFiller)
            _congestion.OnFiller(bytes);
        Count(packet, bytes);
        return bytes;
    }

    /// <summary>Tells of a packet that has left.</summary>
    private void Count(in OutgoingPacket packet, int bytes)
    {
        if (packet.Number is not { } number)
        {
            _congestion.OnSentWithoutNumber(bytes, packet.Time);
        }
        else if (packet.IsNew || packet.IsRetransmission)
        {
            Debug.Assert(number == _congestion.NextNumber, "Two packets were open at a time.");
            _congestion.OnSent(bytes, packet.Time);
            if (packet.IsNew)
                _firstNumbers?.Add(packet.Sequence, number);
        }
        else
        {
            _congestion.OnSentAgain(number, bytes, packet.Time);
        }
    }
}
