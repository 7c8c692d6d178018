using System.Collections.Immutable;
using System.Text;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// SSRC to <see cref="RtpReceiveStream"/>. Sources declared in SDP are known from the start; others are bound by their
/// first authenticated packet: MID and RID extensions (RFC 9143 section 9.2, RFC 8852), else a payload type that only
/// one section has. Bounded: a sender that invents SSRCs gains nothing. What a removed section had stays bound to its name:
/// its stragglers are no stream's, and come back to it if it is received again.
/// </summary>
internal sealed class SsrcTable
{
    private const int MaxBindings = 256;

    private readonly Dictionary<Ssrc, StreamBinding> _bindings = [];
    private readonly RetiredSources _retired = new(MaxBindings);
    private readonly List<RtpReceiver> _receivers = [];

    public IReadOnlyList<RtpReceiver> Receivers => _receivers;

    public RtpReceiver? Find(Mid mid)
    {
        foreach (RtpReceiver receiver in _receivers)
        {
            if (receiver.Mid == mid)
                return receiver;
        }
        return null;
    }

    /// <summary>Makes the receivers those of the sections: a section that is still the same keeps its receiver and streams.</summary>
    public void Update(ImmutableArray<NegotiatedMedia> sections)
    {
        if (_receivers.Count == 0 && !IsAnyReceived(sections))
            return;
        List<(RtpReceiver Receiver, NegotiatedMedia Media)> current = [];
        foreach (NegotiatedMedia media in sections)
        {
            if (!media.Receiving)
                continue;
            MediaFormat format = MediaFormat.Of(media);
            RtpReceiver? known = Find(media.Mid);
            bool isSame = known is not null && known.TryUpdate(format, media.ReceiveEncodings);
            current.Add((isSame ? known! : new RtpReceiver(media.Mid, format, media.ReceiveEncodings), media));
        }
        Retire(_receivers.Except(current.Select(entry => entry.Receiver)).ToHashSet());
        _receivers.Clear();
        foreach ((RtpReceiver receiver, NegotiatedMedia media) in current)
        {
            _receivers.Add(receiver);
            BindDeclared(receiver, media.RemoteSources);
        }
    }

    /// <summary>One more receiver, whatever the sections.</summary>
    /// <param name="mid">Names it.</param>
    /// <param name="format">What was agreed on.</param>
    /// <param name="encodings">The RIDs of its simulcast encodings; empty without simulcast.</param>
    /// <param name="sources">The SSRCs of its encodings, as far as they are known.</param>
    public RtpReceiver Add(Mid mid, MediaFormat format, ImmutableArray<Rid> encodings, ImmutableArray<RemoteSource> sources)
    {
        var receiver = new RtpReceiver(mid, format, encodings);
        _receivers.Add(receiver);
        BindDeclared(receiver, sources);
        return receiver;
    }

    public bool TryGet(Ssrc ssrc, out StreamBinding? binding) => _bindings.TryGetValue(ssrc, out binding);

    /// <summary>Binds an unknown SSRC by what its packet says; null when it says too little.</summary>
    public StreamBinding? Bind(in RtpPacketView packet)
    {
        RtpReceiver? receiver = FindReceiver(packet, out bool isNamed);
        if (!isNamed && _retired.TryGet(packet.Ssrc, out RetiredSource? retired))
            return Revive(packet.Ssrc, retired!);
        if (receiver is null)
            return null;
        bool isRetransmission = receiver.RetransmittedCodecOf(packet.PayloadType) is not null;
        if (!isRetransmission && receiver.CodecOf(packet.PayloadType) is null)
            return null;
        return FindStream(receiver, packet, isRetransmission) is { } stream ? BindSeen(receiver, stream, packet.Ssrc, isRetransmission)
            : null;
    }

    private static bool IsAnyReceived(ImmutableArray<NegotiatedMedia> sections)
    {
        foreach (NegotiatedMedia media in sections)
        {
            if (media.Receiving)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Binds an SSRC because of a packet. A straggler of a source whose section a description has given to another takes nothing back.
    /// </summary>
    private StreamBinding? BindSeen(RtpReceiver receiver, RtpReceiveStream stream, Ssrc ssrc, bool isRetransmission)
    {
        bool isDeclared = stream.Ssrc is { } declared && declared != ssrc && _bindings.TryGetValue(declared, out StreamBinding? current)
            && current.IsDeclared;
        return isDeclared && _retired.TryGet(ssrc, out _) ? null : BindTo(receiver, stream, ssrc, isRetransmission, isDeclared: false);
    }

    private StreamBinding? BindTo(RtpReceiver receiver, RtpReceiveStream stream, Ssrc ssrc, bool isRetransmission, bool isDeclared)
    {
        if (!isRetransmission && stream.HasReceived && stream.Ssrc != ssrc)
            stream = Restart(receiver, stream);
        return TryAdd(ssrc, new StreamBinding(receiver, stream, isRetransmission, isDeclared));
    }

    /// <summary>
    /// A source that says nothing of its section any more (RFC 9143 section 15 has a sender name it only at the start) goes
    /// where it belonged, or nowhere: its payload type alone might lead it into another section's stream.
    /// </summary>
    private StreamBinding? Revive(Ssrc ssrc, RetiredSource retired)
    {
        if (Find(retired.Mid) is not { } receiver)
            return null;
        for (int i = 0; i < receiver.Encodings.Count; i++)
        {
            if (receiver.Encodings[i].Rid == retired.Rid)
                return BindSeen(receiver, receiver.Encodings[i], ssrc, retired.IsRetransmission);
        }
        return null;
    }

    private void Retire(HashSet<RtpReceiver> receivers)
    {
        foreach ((Ssrc ssrc, StreamBinding binding) in _bindings)
        {
            if (receivers.Contains(binding.Receiver))
                Retire(ssrc, binding);
        }
    }

    private void Retire(Ssrc ssrc, StreamBinding binding)
    {
        _retired.Add(ssrc, new RetiredSource(binding.Receiver.Mid, binding.Stream.Rid, binding.IsRetransmission));
        _bindings.Remove(ssrc);
    }

    private void BindDeclared(RtpReceiver receiver, ImmutableArray<RemoteSource> sources)
    {
        // Firefox declares the SSRCs of its simulcast encodings in the order of its RIDs; without simulcast only the
        // first source is ours.
        int count = Math.Min(sources.Length, receiver.Encodings.Count);
        for (int i = 0; i < count; i++)
        {
            RemoteSource source = sources[i];
            Declare(receiver, i, source.Primary, isRetransmission: false);
            if (source.Retransmission is { } retransmission)
                Declare(receiver, i, retransmission, isRetransmission: true);
        }
    }

    /// <summary>The newest description is right, also about a source that so far was taken for another's.</summary>
    private void Declare(RtpReceiver receiver, int encoding, Ssrc ssrc, bool isRetransmission)
    {
        if (_bindings.TryGetValue(ssrc, out StreamBinding? known))
        {
            if (known.Receiver == receiver)
                return;
            _bindings.Remove(ssrc);
        }
        RtpReceiveStream stream = receiver.Encodings[encoding];
        if (!isRetransmission && !stream.HasReceived && stream.Ssrc is { } withdrawn
            && _bindings.TryGetValue(withdrawn, out StreamBinding? before))
            Retire(withdrawn, before);
        BindTo(receiver, stream, ssrc, isRetransmission, isDeclared: true);
    }

    /// <summary>
    /// A section's ids are read in its own sense: in a bundle they should mean the same everywhere (RFC 9143 section 9.1),
    /// yet aiortc numbers each section anew.
    /// </summary>
    private RtpReceiver? FindReceiver(in RtpPacketView packet, out bool isNamed)
    {
        bool hasMid = false;
        isNamed = false;
        foreach (RtpReceiver receiver in _receivers)
        {
            if (!packet.TryGetExtension(receiver.Extensions.IdOf(HeaderExtensionKind.Mid), out ReadOnlySpan<byte> mid))
                continue;
            isNamed = Ascii.Equals(mid, receiver.Mid.Value);
            if (isNamed)
                return receiver;
            hasMid = true;
        }
        return hasMid ? null : FindReceiver(packet.PayloadType);
    }

    private RtpReceiver? FindReceiver(PayloadType payloadType)
    {
        RtpReceiver? only = null;
        foreach (RtpReceiver receiver in _receivers)
        {
            if (receiver.CodecOf(payloadType) is null && receiver.RetransmittedCodecOf(payloadType) is null)
                continue;
            if (only is not null)
                return null;
            only = receiver;
        }
        return only;
    }

    private static RtpReceiveStream? FindStream(RtpReceiver receiver, in RtpPacketView packet, bool isRetransmission)
    {
        HeaderExtensionKind kind = isRetransmission ? HeaderExtensionKind.RepairedRtpStreamId : HeaderExtensionKind.RtpStreamId;
        if (packet.TryGetExtension(receiver.Extensions.IdOf(kind), out ReadOnlySpan<byte> rid))
        {
            RtpReceiveStream? found = receiver.FindEncoding(rid);
            if (found is not null)
                return found;
        }
        return receiver.Encodings.Count == 1 ? receiver.Encodings[0] : null;
    }

    private RtpReceiveStream Restart(RtpReceiver receiver, RtpReceiveStream stream)
    {
        foreach ((Ssrc ssrc, StreamBinding binding) in _bindings.ToArray())
        {
            if (binding.Stream == stream)
                Retire(ssrc, binding);
        }
        return receiver.Restart(stream);
    }

    private StreamBinding? TryAdd(Ssrc ssrc, StreamBinding binding)
    {
        if (_bindings.Count >= MaxBindings || !_bindings.TryAdd(ssrc, binding))
            return null;
        _retired.Remove(ssrc);
        if (binding.IsRetransmission)
            binding.Stream.RetransmissionSsrc = ssrc;
        else
            binding.Stream.Ssrc = ssrc;
        return binding;
    }
}
