using System.Collections.Immutable;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// The sections we send in. A sender lives as long as its section has its SSRC.
/// <para><b>An SSRC that once was in use under these keys is never taken for another sequence of packets.</b> Both would draw
/// from the same SRTP indices (RFC 3711 section 9.1).</para>
/// </summary>
internal sealed class SenderTable(PacketOutlet outlet, IEntropy entropy)
{
    private readonly List<RtpSender> _senders = [];
    private readonly Dictionary<Ssrc, RtpSender> _bySsrc = [];
    private readonly HashSet<Ssrc> _used = [];

    public IReadOnlyList<RtpSender> Senders => _senders;

    public int Count => _senders.Count;

    public RtpSender this[int index] => _senders[index];

    /// <summary>Finds a sender by the SSRC of the media itself.</summary>
    public RtpSender? Find(Ssrc ssrc) => _bySsrc.GetValueOrDefault(ssrc);

    public RtpSender? Find(Mid mid)
    {
        foreach (RtpSender sender in _senders)
        {
            if (sender.Mid == mid)
                return sender;
        }
        return null;
    }

    /// <exception cref="ArgumentException">A new sender under an SSRC that was in use; nothing has changed.</exception>
    public void Check(ImmutableArray<NegotiatedMedia> sections)
    {
        HashSet<Ssrc> added = [];
        foreach (NegotiatedMedia media in sections)
        {
            if (media is not { Sending: true, LocalSource: { } source } || Kept(media, source) is not null)
                continue;
            RequireNew(source.Primary);
            if (source.Retransmission is { } retransmission)
                RequireNew(retransmission);

            void RequireNew(Ssrc ssrc)
            {
                if (_used.Contains(ssrc) || !added.Add(ssrc))
                    throw new ArgumentException($"Section {media.Mid}: SSRC {ssrc} has been in use on this transport.", nameof(sections));
            }
        }
    }

    /// <summary>One more sender, whatever the sections.</summary>
    /// <exception cref="ArgumentException">An SSRC that is or was in use; nothing has changed.</exception>
    public RtpSender Add(Mid mid, MediaFormat format, Ssrc ssrc, Ssrc? retransmission)
    {
        if (ssrc == retransmission || _used.Contains(ssrc) || (retransmission is { } second && _used.Contains(second)))
            throw new ArgumentException($"{mid}: SSRC {ssrc} or {retransmission} has been in use in this session.", nameof(ssrc));
        RtpSender sender = Create(mid, format, ssrc, retransmission);
        _senders.Add(sender);
        return sender;
    }

    /// <summary>Makes the senders those of the sections; returns those that ended. Sections that pass <see cref="Check"/>.</summary>
    public List<RtpSender> Update(ImmutableArray<NegotiatedMedia> sections)
    {
        List<RtpSender> removed = [.. _senders];
        List<RtpSender> current = [];
        foreach (NegotiatedMedia media in sections)
        {
            if (media is not { Sending: true, LocalSource: { } source })
                continue;
            RtpSender? kept = Kept(media, source);
            if (kept is not null)
                removed.Remove(kept);
            kept?.Update(MediaFormat.Of(media));
            current.Add(kept ?? Create(media.Mid, MediaFormat.Of(media), source.Primary, source.Retransmission));
        }
        foreach (RtpSender sender in removed)
        {
            sender.IsRemoved = true;
            _bySsrc.Remove(sender.Stream.Ssrc);
        }
        _senders.Clear();
        _senders.AddRange(current);
        return removed;
    }

    private RtpSender? Kept(NegotiatedMedia media, LocalSource source) =>
        Find(source.Primary) is { } sender && sender.Mid == media.Mid && sender.Kind == media.Kind ? sender : null;

    private RtpSender Create(Mid mid, MediaFormat format, Ssrc ssrc, Ssrc? retransmission)
    {
        var sender = new RtpSender(outlet, mid, format, ssrc, retransmission, InitialSequence(), InitialSequence());
        _bySsrc.Add(ssrc, sender);
        _used.Add(ssrc);
        if (retransmission is { } second)
            _used.Add(second);
        return sender;
    }

    /// <summary>Draws a first sequence number below 2^15 (RFC 3711 section 3.3.1).</summary>
    private ExtendedSequence InitialSequence()
    {
        Span<byte> bytes = stackalloc byte[2];
        entropy.Fill(bytes);
        return new ExtendedSequence((bytes[0] & 0x7F) << 8 | bytes[1]);
    }
}
