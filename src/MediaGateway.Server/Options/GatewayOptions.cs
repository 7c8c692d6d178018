namespace MediaGateway.Server.Options;

/// <summary>Everything an operator can set. One section a property; docs/configuration.md lists every key.</summary>
internal sealed record GatewayOptions
{
    public HttpOptions Http { get; init; } = new();

    public TlsOptions Tls { get; init; } = new();

    public MediaOptions Media { get; init; } = new();

    public BandwidthOptions Bandwidth { get; init; } = new();

    public AuthOptions Auth { get; init; } = new();

    public LimitsOptions Limits { get; init; } = new();

    public RoomsOptions Rooms { get; init; } = new();

    public SignalingOptions Signaling { get; init; } = new();

    public ControlOptions Control { get; init; } = new();

    public MetricsOptions Metrics { get; init; } = new();

    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>STUN and TURN servers that clients are told to use (RFC 9725 section 4.6).</summary>
    public IReadOnlyList<IceServerOptions> IceServers { get; init; } = [];

    public StopOptions Stop { get; init; } = new();
}
