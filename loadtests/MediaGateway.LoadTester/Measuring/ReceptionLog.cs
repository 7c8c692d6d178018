using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>The receptions of one viewer, stream by stream.</summary>
internal sealed class ReceptionLog(ViewerMeasures measures)
{
    private readonly Dictionary<Ssrc, Reception> _receptions = [];

    public IReadOnlyCollection<Reception> Receptions => _receptions.Values;

    /// <summary>Streams that could be played: their first key frame has begun, or there is sound.</summary>
    public int Begun { get; private set; }

    /// <param name="packet">One that was authenticated.</param>
    /// <param name="sequence">Its number in its stream.</param>
    /// <param name="codec">Its codec.</param>
    /// <param name="arrival">When the kernel had it, ticks of <see cref="DateTime.UtcNow"/>.</param>
    public void OnPacket(in RtpPacketView packet, ExtendedSequence sequence, CodecKind codec, long arrival)
    {
        if (packet.Payload.IsEmpty)
            return;
        if (!ProbePayload.TryRead(packet.Payload, codec, out ProbeHeader header, out bool isIntact))
        {
            measures.Foreign++;
            return;
        }
        if (!_receptions.TryGetValue(packet.Ssrc, out Reception? reception))
            _receptions[packet.Ssrc] = reception = new Reception();
        bool startsKeyFrame = KeyFrames.StartsKeyFrame(codec, packet.Payload);
        if (startsKeyFrame && !reception.IsPlayable)
        {
            reception.IsPlayable = true;
            Begun++;
        }
        if (reception.OnPacket(header, new StreamPosition(sequence.Value, packet.Timestamp, startsKeyFrame), isIntact))
            measures.Latency.Add(arrival - header.SentTicks);
    }
}
