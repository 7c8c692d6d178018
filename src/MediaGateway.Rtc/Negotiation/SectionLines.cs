using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The groups of lines that our offers and our answers have in common.</summary>
internal static class SectionLines
{
    /// <summary>Payload types in order, each codec followed by its RTX.</summary>
    public static IEnumerable<string> Formats(ImmutableArray<RtpCodec> codecs)
    {
        foreach (RtpCodec codec in codecs)
        {
            yield return codec.PayloadType.ToString();
            if (codec.RetransmissionPayloadType is { } retransmission)
                yield return retransmission.ToString();
        }
    }

    /// <param name="writer">Where to.</param>
    /// <param name="transport">Our side.</param>
    /// <param name="bundle">Sections of the BUNDLE group; empty for none.</param>
    public static SdpWriter Session(this SdpWriter writer, LocalTransport transport, ImmutableArray<Mid> bundle)
    {
        if (!bundle.IsEmpty)
            writer.Attribute("group", new MediaGroup(MediaGroup.Bundle, bundle).ToString());
        return writer.IceSession(transport);
    }

    /// <summary>We take trickled candidates (RFC 8838) and follow RFC 8445, hence <c>trickle ice2</c>.</summary>
    public static SdpWriter IceSession(this SdpWriter writer, LocalTransport transport)
    {
        if (transport.IsIceLite)
            writer.Attribute("ice-lite");
        return writer.Attribute("ice-options", "trickle ice2");
    }

    /// <summary>
    /// Every section repeats them, though RFC 9143 section 7.3 asks for them only in the tagged one: some stacks look
    /// at each section alone.
    /// </summary>
    public static SdpWriter Transport(this SdpWriter writer, LocalTransport transport, SdpSetup setup) => writer
        .Credentials(transport)
        .Attribute("fingerprint", transport.Fingerprint.ToString())
        .Attribute("setup", setup.ToSdp());

    public static SdpWriter Credentials(this SdpWriter writer, LocalTransport transport) => writer
        .Attribute("ice-ufrag", transport.UsernameFragment)
        .Attribute("ice-pwd", transport.Password);

    public static SdpWriter Candidates(this SdpWriter writer, LocalTransport transport) => writer
        .Attributes("candidate", transport.Candidates)
        .Attribute("end-of-candidates");

    public static SdpWriter Rtcp(this SdpWriter writer, bool reducedSize)
    {
        writer.Attribute("rtcp-mux");
        return reducedSize ? writer.Attribute("rtcp-rsize") : writer;
    }

    /// <summary>A mapping without attributes.</summary>
    public static void ExtensionMapping(this SdpWriter writer, ExtensionMapping mapping)
    {
        if (mapping.Direction is { } direction)
            writer.Line($"a=extmap:{mapping.Id}/{direction.ToSdp()} {mapping.Uri}");
        else
            writer.Line($"a=extmap:{mapping.Id} {mapping.Uri}");
    }

    /// <param name="writer">Where to.</param>
    /// <param name="codec">What to describe.</param>
    /// <param name="parameters">Its <c>a=fmtp</c>; none when empty.</param>
    public static void Codec(this SdpWriter writer, RtpCodec codec, string parameters)
    {
        byte number = codec.PayloadType.Value;
        if (codec.Channels == 1)
            writer.Line($"a=rtpmap:{number} {CodecNames.Of(codec.Kind)}/{codec.ClockRate}");
        else
            writer.Line($"a=rtpmap:{number} {CodecNames.Of(codec.Kind)}/{codec.ClockRate}/{codec.Channels}");
        foreach ((RtcpFeedbackKinds kind, string name) in RtcpFeedbackNames.All)
        {
            if ((codec.Feedback & kind) != 0)
                writer.Line($"a=rtcp-fb:{number} {name}");
        }
        if (parameters.Length > 0)
            writer.Line($"a=fmtp:{number} {parameters}");
        if (codec.RetransmissionPayloadType is not { } retransmission)
            return;
        writer.Line($"a=rtpmap:{retransmission.Value} rtx/{codec.ClockRate}");
        writer.Line($"a=fmtp:{retransmission.Value} apt={number}");
    }

    public static void Source(this SdpWriter writer, LocalSource source)
    {
        if (source.TrackId.Length == 0)
            writer.Attribute("msid", source.StreamId);
        else
            writer.Line($"a=msid:{source.StreamId} {source.TrackId}");
        writer.SourceAttributes(source.Primary, source);
        if (source.Retransmission is not { } retransmission)
            return;
        writer.SourceAttributes(retransmission, source);
        writer.Line($"a=ssrc-group:FID {source.Primary.Value} {retransmission.Value}");
    }

    private static void SourceAttributes(this SdpWriter writer, Ssrc ssrc, LocalSource source)
    {
        writer.Line($"a=ssrc:{ssrc.Value} cname:{source.CanonicalName}");
        writer.Line($"a=ssrc:{ssrc.Value} msid:{source.StreamId} {source.TrackId}");
    }
}
