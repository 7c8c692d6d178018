using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>An audio or video section of the other side's offer that can be accepted, for whoever decides what it is to carry.</summary>
/// <param name="Mid">Its name, the same in every later offer.</param>
/// <param name="Kind">Audio or video.</param>
/// <param name="RemoteSends">It offers to send.</param>
/// <param name="RemoteReceives">It offers to receive.</param>
/// <param name="RemoteMsid">Of what it sends: stream id and track id, with a space between them; null when it gave none.</param>
/// <param name="Codecs">Those both sides can do, in the order of the answer.</param>
/// <param name="Encodings">How many it offers to send: 1 without simulcast, 0 when it does not send.</param>
public sealed record OfferedSection(
    Mid Mid,
    MediaKind Kind,
    bool RemoteSends,
    bool RemoteReceives,
    string? RemoteMsid,
    ImmutableArray<RtpCodec> Codecs,
    int Encodings);
