using System.Net;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Telemetry;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Server.Operations;

/// <summary>A viewer's wish to watch.</summary>
/// <param name="Stream">Which stream; it need not be live yet.</param>
/// <param name="Identity">Who.</param>
/// <param name="OfferSdp">The SDP offer, as sent.</param>
/// <param name="Source">Where from: an IPv4 address or an IPv6 /64; caps are counted by it.</param>
internal sealed record WatchRequest(StreamName Stream, ParticipantIdentity Identity, string OfferSdp, IPAddress Source)
{
    /// <summary>Part of the stream to watch: the program or one source, and the layer.</summary>
    public ViewTarget Target { get; init; } = ViewTarget.Program;

    /// <inheritdoc cref="PublishRequest.Join"/>
    public Join? Join { get; init; }
}
