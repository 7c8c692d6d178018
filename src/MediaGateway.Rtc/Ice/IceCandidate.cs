using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Ice;

/// <summary>A candidate as the candidate attribute carries it (RFC 8839 section 5.1). Unknown extensions are not kept.</summary>
public sealed record IceCandidate
{
    private const int HostTypePreference = 126;

    /// <summary>1 to 32 ice-chars; equal for candidates of one type, base address and protocol (RFC 8445 section 5.1.1.3).</summary>
    public required string Foundation { get; init; }

    /// <summary>1 to 256; 1 is RTP, or everything when multiplexed.</summary>
    public int Component { get; init; } = 1;

    public IceTransport Transport { get; init; }

    public required uint Priority { get; init; }

    /// <summary>The address at which the candidate is reached. Only the port counts when <see cref="HostName"/> is set.</summary>
    public required TransportAddress Address { get; init; }

    /// <summary>A name in place of the address, such as an mDNS one; null otherwise. Never resolved here.</summary>
    public string? HostName { get; init; }

    public IceCandidateType Type { get; init; }

    /// <summary><c>raddr</c> and <c>rport</c>; none when absent.</summary>
    public TransportAddress RelatedAddress { get; init; }

    /// <summary>The opener of a TCP candidate's connection; null when absent, and for UDP.</summary>
    public IceTcpType? TcpType { get; init; }

    /// <summary>A UDP host candidate of component 1, as a lite agent offers it.</summary>
    /// <param name="address">Where peers reach the agent.</param>
    /// <param name="localPreference">Rank among the agent's addresses, the greatest first (RFC 8445 section 5.1.2.1).</param>
    public static IceCandidate Host(TransportAddress address, ushort localPreference = ushort.MaxValue) => new()
    {
        Foundation = ((uint)address.WithPort(0).GetHashCode()).ToString(CultureInfo.InvariantCulture),
        Priority = (HostTypePreference << 24) | ((uint)localPreference << 8) | (256 - 1),
        Address = address,
    };

    /// <summary>Parses the attribute's value, with or without the leading <c>candidate:</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, [NotNullWhen(true)] out IceCandidate? candidate) =>
        IceCandidateParser.TryParse(value, out candidate);

    /// <summary>The attribute's value, without the leading <c>candidate:</c>.</summary>
    public override string ToString()
    {
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{Foundation} {Component} {IceCandidateParser.TextOf(Transport)} {Priority} {HostText} {Address.Port} ")
            + $"typ {IceCandidateParser.TextOf(Type)}";
        if (!RelatedAddress.IsNone)
            text += string.Create(CultureInfo.InvariantCulture, $" raddr {RelatedAddress.ToIPAddress()} rport {RelatedAddress.Port}");
        if (TcpType is { } tcpType)
            text += $" tcptype {IceCandidateParser.TextOf(tcpType)}";
        return text;
    }

    private string HostText => HostName ?? Address.ToIPAddress().ToString();
}
