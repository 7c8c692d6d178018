using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>What one viewer got, source by source.</summary>
internal sealed class ReceptionLog(ViewerMeasures measures)
{
    private readonly Dictionary<int, Reception> _receptions = [];

    public IReadOnlyDictionary<int, Reception> Receptions => _receptions;

    /// <param name="payload">Of a packet that was authenticated.</param>
    /// <param name="codec">Its codec.</param>
    /// <param name="arrival">When the kernel had it, ticks of <see cref="DateTime.UtcNow"/>.</param>
    public void OnPayload(ReadOnlySpan<byte> payload, CodecKind codec, long arrival)
    {
        if (payload.IsEmpty)
            return;
        if (!ProbePayload.TryRead(payload, codec, out ProbeHeader header, out bool isIntact))
        {
            measures.Foreign++;
            return;
        }
        if (!_receptions.TryGetValue(header.Source, out Reception? reception))
            _receptions[header.Source] = reception = new Reception();
        if (reception.OnPacket(header, isIntact))
            measures.Latency.Add(arrival - header.SentTicks);
    }
}
