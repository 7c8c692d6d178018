using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Parameter sets that one subscription was sent before key frames which came without: what went out under which numbers, for sending
/// it again. The sets themselves are shared by all subscriptions and never change, and all else that their packets are made of is kept
/// here, so that a packet that is sent again is the same, bit for bit.
/// </summary>
internal sealed class InsertedSets
{
    /// <summary>Number of key frames that are remembered: those of more seconds than a receiver asks back.</summary>
    private const int Capacity = 8;

    private readonly Entry[] _entries = new Entry[Capacity];
    private int _next;

    /// <param name="first">The first outgoing number that the map has reserved for them.</param>
    /// <param name="sets">The sets.</param>
    /// <param name="source">The source of the key frame.</param>
    /// <param name="timestamp">Its publisher's timestamp.</param>
    /// <returns>The number of packets.</returns>
    public int Add(ExtendedSequence first, ParameterSets sets, ForwardingSource source, RtpTimestamp timestamp)
    {
        _entries[_next] = new Entry(first, sets, source, timestamp);
        _next = (_next + 1) % Capacity;
        return sets.Payloads.Length;
    }

    /// <summary>Finds the packet behind an outgoing number, and how it is sent.</summary>
    public bool TryPlan(ExtendedSequence outgoing, out RtpPacketView view, out RewritePlan plan)
    {
        foreach (ref readonly Entry entry in _entries.AsSpan())
        {
            if (entry.Sets is null || outgoing < entry.First || outgoing - entry.First >= entry.Sets.Payloads.Length)
                continue;
            view = RtpPacketView.OfPayload(entry.Sets.Payloads[(int)(outgoing - entry.First)]);
            plan = entry.Source.PlanOf(outgoing, entry.Timestamp);
            return true;
        }
        view = default;
        plan = default;
        return false;
    }

    private readonly record struct Entry(ExtendedSequence First, ParameterSets? Sets, ForwardingSource Source, RtpTimestamp Timestamp);
}
