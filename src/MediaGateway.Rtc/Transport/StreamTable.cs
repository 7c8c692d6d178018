using System.Text;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Transport;

/// <summary>
/// SSRC to <see cref="ReceiveStream"/>. Sources declared in SDP are known from the start; others are bound by their
/// first authenticated packet: MID and RID extensions (RFC 9143 section 9.2, RFC 8852), else a payload type that only
/// one section has. Bounded: a sender that invents SSRCs gains nothing.
/// </summary>
internal sealed class StreamTable
{
    private const int MaxBindings = 64;

    private readonly Dictionary<Ssrc, StreamBinding> _bindings = [];
    private readonly List<RtpReceiver> _receivers = [];

    public IReadOnlyList<RtpReceiver> Receivers => _receivers;

    public RtpReceiver Add(NegotiatedMedia media)
    {
        var receiver = new RtpReceiver(media);
        _receivers.Add(receiver);
        BindDeclared(receiver, media);
        return receiver;
    }

    public bool TryGet(Ssrc ssrc, out StreamBinding? binding) => _bindings.TryGetValue(ssrc, out binding);

    /// <summary>Binds an unknown SSRC by what its packet says; null when it says too little.</summary>
    public StreamBinding? Bind(in RtpPacketView packet)
    {
        RtpReceiver? receiver = FindReceiver(packet);
        if (receiver is null)
            return null;
        bool isRetransmission = receiver.RetransmittedCodecOf(packet.PayloadType) is not null;
        if (!isRetransmission && receiver.CodecOf(packet.PayloadType) is null)
            return null;
        ReceiveStream? stream = FindStream(receiver, packet, isRetransmission);
        if (stream is null)
            return null;
        if (!isRetransmission && stream.HasReceived && stream.Ssrc != packet.Ssrc)
            stream = Restart(receiver, stream);
        return TryAdd(packet.Ssrc, new StreamBinding(receiver, stream, isRetransmission));
    }

    private void BindDeclared(RtpReceiver receiver, NegotiatedMedia media)
    {
        // Firefox declares the SSRCs of its simulcast encodings in the order of its RIDs; without simulcast only the
        // first source is ours.
        int count = Math.Min(media.RemoteSources.Length, receiver.Encodings.Count);
        for (int i = 0; i < count; i++)
        {
            RemoteSource source = media.RemoteSources[i];
            TryAdd(source.Primary, new StreamBinding(receiver, receiver.Encodings[i], IsRetransmission: false));
            if (source.Retransmission is { } retransmission)
                TryAdd(retransmission, new StreamBinding(receiver, receiver.Encodings[i], IsRetransmission: true));
        }
    }

    /// <summary>
    /// A section's ids are read in its own sense: in a bundle they should mean the same everywhere (RFC 9143 section 9.1),
    /// yet aiortc numbers each section anew.
    /// </summary>
    private RtpReceiver? FindReceiver(in RtpPacketView packet)
    {
        bool hasMid = false;
        foreach (RtpReceiver receiver in _receivers)
        {
            if (!packet.TryGetExtension(receiver.Extensions.IdOf(HeaderExtensionKind.Mid), out ReadOnlySpan<byte> mid))
                continue;
            if (Ascii.Equals(mid, receiver.Mid.Value))
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

    private static ReceiveStream? FindStream(RtpReceiver receiver, in RtpPacketView packet, bool isRetransmission)
    {
        HeaderExtensionKind kind = isRetransmission ? HeaderExtensionKind.RepairedRtpStreamId : HeaderExtensionKind.RtpStreamId;
        if (packet.TryGetExtension(receiver.Extensions.IdOf(kind), out ReadOnlySpan<byte> rid))
        {
            ReceiveStream? found = receiver.FindEncoding(rid);
            if (found is not null)
                return found;
        }
        return receiver.Encodings.Count == 1 ? receiver.Encodings[0] : null;
    }

    private ReceiveStream Restart(RtpReceiver receiver, ReceiveStream stream)
    {
        foreach ((Ssrc ssrc, StreamBinding binding) in _bindings.ToArray())
        {
            if (binding.Stream == stream)
                _bindings.Remove(ssrc);
        }
        return receiver.Restart(stream);
    }

    private StreamBinding? TryAdd(Ssrc ssrc, StreamBinding binding)
    {
        if (_bindings.Count >= MaxBindings || !_bindings.TryAdd(ssrc, binding))
            return null;
        if (binding.IsRetransmission)
            binding.Stream.RetransmissionSsrc = ssrc;
        else
            binding.Stream.Ssrc = ssrc;
        return binding;
    }
}
