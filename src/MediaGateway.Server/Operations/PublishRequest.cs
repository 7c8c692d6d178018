using System.Net;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Operations;

/// <summary>A publisher's wish to go live.</summary>
/// <param name="Stream">Under which name.</param>
/// <param name="Identity">Who.</param>
/// <param name="OfferSdp">The SDP offer, as sent.</param>
/// <param name="TakeOver">Whether to replace the publisher that is live now instead of being refused.</param>
/// <param name="AllowAudio">Whether the token lets audio in; when not, audio sections are declined.</param>
/// <param name="AllowVideo">Whether the token lets video in; when not, video sections are declined.</param>
/// <param name="Source">Where from: an IPv4 address or an IPv6 /64; caps are counted by it.</param>
internal sealed record PublishRequest(
    StreamName Stream, ParticipantIdentity Identity, string OfferSdp, bool TakeOver, bool AllowAudio, bool AllowVideo, IPAddress Source)
{
    /// <summary>The join that telemetry follows; null when it follows none.</summary>
    public Join? Join { get; init; }
}
