using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MediaGateway.Rtc.Sctp;

/// <summary>The messages of the data channel establishment protocol (RFC 8832 section 5).</summary>
internal static class DataChannelOpen
{
    public const byte AckType = 2;
    public const byte OpenType = 3;

    /// <summary>Length of the longest message that <see cref="Write"/> makes, bytes.</summary>
    public const int MaxLength = FieldsLength + 2 * DataChannelParameters.MaxTextLength;

    private const int FieldsLength = 12;
    private const byte Reliable = 0;
    private const byte LimitedRetransmits = 1;
    private const byte LimitedLifetime = 2;
    private const byte UnorderedBit = 0x80;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>False for an unknown channel type, for texts that are too long or no UTF-8, and for lengths that lie.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DataChannelParameters? parameters)
    {
        parameters = null;
        if (message.Length < FieldsLength || message[0] != OpenType)
            return false;
        int type = message[1] & ~UnorderedBit;
        int labelLength = BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            protocolLength = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        if (type > LimitedLifetime || message.Length != FieldsLength + labelLength + protocolLength
            || !TryReadText(message.Slice(FieldsLength, labelLength), out string label)
            || !TryReadText(message[(FieldsLength + labelLength)..], out string protocol))
        {
            return false;
        }
        uint reliability = BinaryPrimitives.ReadUInt32BigEndian(message[4..]);
        parameters = new DataChannelParameters
        {
            Label = label,
            Protocol = protocol,
            IsOrdered = (message[1] & UnorderedBit) == 0,
            MaxRetransmits = type == LimitedRetransmits ? reliability : null,
            MaxLifetime = type == LimitedLifetime ? TimeSpan.FromMilliseconds(reliability) : null,
            Priority = BinaryPrimitives.ReadUInt16BigEndian(message[2..]),
        };
        return true;
    }

    /// <summary>Writes DATA_CHANNEL_OPEN into at least <see cref="MaxLength"/> bytes and returns its length.</summary>
    /// <exception cref="ArgumentException">A text is too long, a lifetime negative, or both limits are set.</exception>
    public static int Write(DataChannelParameters parameters, Span<byte> destination)
    {
        int labelLength = Utf8.GetByteCount(parameters.Label), protocolLength = Utf8.GetByteCount(parameters.Protocol);
        if (labelLength > DataChannelParameters.MaxTextLength || protocolLength > DataChannelParameters.MaxTextLength
            || (parameters.MaxRetransmits is not null && parameters.MaxLifetime is not null)
            || parameters.MaxLifetime < TimeSpan.Zero)
        {
            throw new ArgumentException("A data channel's texts have 256 bytes at most, and it has one limit at most.", nameof(parameters));
        }
        byte type = parameters.MaxRetransmits is not null ? LimitedRetransmits : parameters.MaxLifetime is not null ? LimitedLifetime
            : Reliable;
        double lifetime = Math.Min(parameters.MaxLifetime?.TotalMilliseconds ?? 0, uint.MaxValue);
        destination[0] = OpenType;
        destination[1] = (byte)(type | (parameters.IsOrdered ? 0 : UnorderedBit));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], parameters.Priority);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], parameters.MaxRetransmits ?? (uint)lifetime);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], (ushort)labelLength);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], (ushort)protocolLength);
        Utf8.GetBytes(parameters.Label, destination[FieldsLength..]);
        Utf8.GetBytes(parameters.Protocol, destination[(FieldsLength + labelLength)..]);
        return FieldsLength + labelLength + protocolLength;
    }

    private static bool TryReadText(ReadOnlySpan<byte> bytes, out string text)
    {
        bool isValid = bytes.Length <= DataChannelParameters.MaxTextLength && System.Text.Unicode.Utf8.IsValid(bytes);
        text = isValid ? Utf8.GetString(bytes) : "";
        return isValid;
    }
}
