using System.Collections.Immutable;
using System.Globalization;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Sfu.Peers;

/// <summary>
/// Makes transports, and what our descriptions say about them: credentials, SSRCs, ids. Thread-safe when its
/// entropy is.
/// </summary>
/// <param name="dtls">The process's certificate and DTLS settings.</param>
/// <param name="entropy">Credentials, SSRCs and initial numbers.</param>
/// <param name="clock">The node's NTP clock.</param>
/// <param name="ice">ICE timeouts.</param>
/// <param name="dtlsOptions">DTLS timeouts.</param>
public sealed class TransportFactory(IDtlsContext dtls, IEntropy entropy, NtpClock clock, IceOptions ice, DtlsOptions dtlsOptions)
{
    /// <summary>Profiles offered as DTLS client: GCM alone where the other side can do it, since Chromium would pick AES-CM.</summary>
    private static readonly ImmutableArray<SrtpProfile> ClientProfiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm];

    /// <summary>
    /// A twentieth of a report's interval: late reports tell as much, and a thousand peers' are twenty wake-ups a second.
    /// </summary>
    private static readonly TimeSpan ReportGrid = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// False to leave out all that tells what the ways to viewers carry: nothing that is sent is numbered, and nothing is limited by it.
    /// </summary>
    public bool EstimatesBandwidth { get; init; }

    /// <summary>Rate that a line is taken to carry before anything is known of it, on the wire; null for 1 Mb/s.</summary>
    public Bitrate? InitialBitrate { get; init; }

    /// <summary>Most that one viewer or participant is sent, on the wire; null for no such limit.</summary>
    public Bitrate? MaxBitrate { get; init; }

    /// <summary>Header extensions that descriptions agree to send.</summary>
    public ImmutableArray<HeaderExtensionKind> SentExtensions => EstimatesBandwidth ? NegotiationDefaults.SentExtensions
        : NegotiationDefaults.UnnumberedExtensions;

    /// <summary>Header extensions that our own offers are to send.</summary>
    public ImmutableArray<HeaderExtensionKind> OfferedExtensions => EstimatesBandwidth ? NegotiationDefaults.OfferedExtensions
        : NegotiationDefaults.UnnumberedExtensions;

    public IceCredentials CreateCredentials() => IceCredentials.Create(entropy);

    /// <summary>Makes the part of a description that concerns our side of a transport.</summary>
    /// <param name="credentials">Its ICE credentials.</param>
    /// <param name="candidates">Candidate-attribute values of the worker it lives on.</param>
    public LocalTransport Describe(IceCredentials credentials, ImmutableArray<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return new LocalTransport(credentials.UsernameFragment, credentials.Password, dtls.Fingerprint, candidates);
    }

    /// <param name="credentials">Ours, as described.</param>
    /// <param name="remote">The other side's description, which gives away what it can do.</param>
    /// <param name="session">What was agreed.</param>
    public PeerTransport Create(IceCredentials credentials, SessionDescription remote, NegotiatedSession session)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ArgumentNullException.ThrowIfNull(session);
        var options = new PeerTransportOptions
        {
            LocalIce = credentials,
            Ice = ice,
            Dtls = session.LocalDtlsRole == DtlsRole.Client && IsBrowser(remote)
                ? dtlsOptions with { Profiles = ClientProfiles }
                : dtlsOptions,
            Rtp = new RtpSessionOptions
            {
                Clock = clock,
                CanonicalName = session.Media.FirstOrDefault(media => media.LocalSource is not null)?.LocalSource?.CanonicalName
                    ?? DrawToken(),
                ReportGrid = ReportGrid,
                EstimatesBandwidth = EstimatesBandwidth,
                InitialBitrate = InitialBitrate,
                MaxBitrate = MaxBitrate,
            },
        };
        return new PeerTransport(options, session, dtls, entropy);
    }

    /// <summary>A source of ours with SSRCs of its own.</summary>
    /// <param name="kind">Video gets an SSRC for retransmissions too.</param>
    /// <param name="streamId">MediaStream id; also the CNAME, so that what shares it is played in step.</param>
    /// <param name="trackId">MediaStreamTrack id.</param>
    public LocalSource CreateSource(MediaKind kind, string streamId, string trackId) => new(
        DrawSsrc(),
        kind == MediaKind.Video ? DrawSsrc() : null,
        CanonicalName: streamId,
        streamId,
        trackId);

    /// <summary>The <c>o=</c> line's session id (RFC 9429 section 5.2.1).</summary>
    public ulong DrawSessionId()
    {
        Span<byte> random = stackalloc byte[8];
        entropy.Fill(random);
        return BitConverter.ToUInt64(random) >> 1;
    }

    /// <summary>64 random bits, hexadecimal.</summary>
    public string DrawToken()
    {
        Span<byte> random = stackalloc byte[8];
        entropy.Fill(random);
        return BitConverter.ToUInt64(random).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Both browsers take AES-GCM when it is all there is. Chromium gives itself away by <c>rtcp-xr</c>, Firefox by its
    /// origin; others may know AES-CM alone and are offered everything.
    /// </summary>
    private static bool IsBrowser(SessionDescription description) =>
        description.Origin.Username.StartsWith("mozilla", StringComparison.Ordinal)
        || description.Media.Any(media => media.HasAttribute("rtcp-xr"));

    private Ssrc DrawSsrc()
    {
        Span<byte> random = stackalloc byte[4];
        entropy.Fill(random);
        // 0 means "no source" in several stacks.
        return new Ssrc(BitConverter.ToUInt32(random) | 1);
    }
}
