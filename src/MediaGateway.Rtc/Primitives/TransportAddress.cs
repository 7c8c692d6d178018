using System.Buffers.Binary;
using System.Net;

namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// IP address and port (RFC 8445 section 4) as a 18-byte value: no allocation, cheap to hash. IPv4 is held
/// v4-mapped (<c>::ffff:a.b.c.d</c>), so that one comparison serves both families.
/// </summary>
public readonly struct TransportAddress : IEquatable<TransportAddress>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    private readonly ulong _high;
    private readonly ulong _low;

    private TransportAddress(ulong high, ulong low, ushort port)
    {
        _high = high;
        _low = low;
        Port = port;
    }

    public ushort Port { get; }

    public bool IsIPv4 => _high == 0 && (_low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>True for the value of <c>default</c>: no address.</summary>
    public bool IsNone => _high == 0 && _low == 0 && Port == 0;

    /// <summary>IPv4 from its value in host order.</summary>
    public static TransportAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, port);

    /// <summary>IPv6 from its 16 bytes in network order; a v4-mapped one becomes IPv4.</summary>
    public static TransportAddress FromIPv6(ReadOnlySpan<byte> address, ushort port) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), port);

    /// <exception cref="ArgumentOutOfRangeException">The port is not in 0-65535.</exception>
    public static TransportAddress From(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return written == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port)
            : FromIPv6(bytes, (ushort)port);
    }

    /// <summary>The IPv4 address in host order. Meaningful only when <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)_low;

    /// <summary>Writes the 16 bytes of the (possibly v4-mapped) address in network order.</summary>
    public void WriteIPv6(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    public TransportAddress WithPort(ushort port) => new(_high, _low, port);

    /// <summary>Allocates; for configuration and logs, never for the packet path.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteIPv6(bytes);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes);
    }

    public bool Equals(TransportAddress other) => _low == other._low && _high == other._high && Port == other.Port;

    public override bool Equals(object? obj) => obj is TransportAddress other && Equals(other);

    public override int GetHashCode()
    {
        // Fibonacci hashing of the bits that differ between peers: low address bits and port.
        ulong mixed = (_low ^ (_high * 0x9E37_79B9_7F4A_7C15) ^ ((ulong)Port << 32)) * 0x9E37_79B9_7F4A_7C15;
        return (int)(mixed >> 32);
    }

    public static bool operator ==(TransportAddress left, TransportAddress right) => left.Equals(right);

    public static bool operator !=(TransportAddress left, TransportAddress right) => !left.Equals(right);

    public override string ToString() => IsIPv4 ? $"{ToIPAddress()}:{Port}" : $"[{ToIPAddress()}]:{Port}";
}
