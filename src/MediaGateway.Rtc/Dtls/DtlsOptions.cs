using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Dtls;

/// <summary>Settings of one endpoint. The defaults are the gateway's.</summary>
public sealed record DtlsOptions
{
    public static readonly DtlsOptions Default = new();

    /// <summary>Largest UDP payload of a handshake datagram, bytes.</summary>
    public int Mtu { get; init; } = 1200;

    /// <summary>First retransmission timeout; doubles up to <see cref="MaxRetransmission"/>.</summary>
    public TimeSpan FirstRetransmission { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan MaxRetransmission { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest time from the first datagram in either direction to completion.</summary>
    public TimeSpan HandshakeDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// SRTP profiles offered (client) or accepted (server), best first. A server's order wins; as client the peer
    /// chooses, and Chromium then prefers AES-CM, so a client offers GCM alone first.
    /// </summary>
    public ImmutableArray<SrtpProfile> Profiles { get; init; } =
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1Tag80];

    /// <summary>True when the path is IPv6: the per-datagram overhead the library reckons with is 48 bytes, not 28.</summary>
    public bool IsIPv6 { get; init; }
}
