using System.Buffers.Binary;

namespace MediaGateway.Rtc.Sctp;

/// <summary>Parameters that an endpoint states in INIT or INIT ACK (RFC 9260 section 3.3.2).</summary>
/// <param name="Tag">Initiate tag, never 0.</param>
/// <param name="Window">The endpoint's receive window, bytes.</param>
/// <param name="OutboundStreams">Number of streams that the endpoint wants to send on.</param>
/// <param name="InboundStreams">Number of streams that the endpoint lets us send on.</param>
/// <param name="InitialTsn">TSN of the endpoint's first DATA chunk.</param>
/// <param name="SupportsForwardTsn">Support for partial reliability (RFC 3758).</param>
/// <param name="SupportsReconfig">Support for stream resets (RFC 6525).</param>
internal readonly record struct InitParameters(
    uint Tag, uint Window, ushort OutboundStreams, ushort InboundStreams, Tsn InitialTsn, bool SupportsForwardTsn, bool SupportsReconfig)
{
    /// <summary>Length of what <see cref="WriteFields"/> writes, bytes.</summary>
    public const int FieldsLength = 16;

    /// <summary>Length of what <see cref="WriteExtensions"/> writes, bytes.</summary>
    public const int ExtensionsLength = 4 + 8;

    public static bool TryParse(ReadOnlySpan<byte> value, out InitParameters parameters, out ReadOnlySpan<byte> cookie)
    {
        cookie = default;
        parameters = default;
        if (value.Length < FieldsLength)
            return false;
        bool forwardTsn = false, reconfig = false;
        var reader = new SctpParameterReader(value[FieldsLength..]);
        while (reader.TryRead(out SctpParameterType type, out ReadOnlySpan<byte> parameter))
        {
            switch (type)
            {
                case SctpParameterType.StateCookie:
                    cookie = parameter;
                    break;
                case SctpParameterType.ForwardTsnSupported:
                    forwardTsn = true;
                    break;
                case SctpParameterType.SupportedExtensions:
                    forwardTsn |= parameter.Contains((byte)SctpChunkType.ForwardTsn);
                    reconfig |= parameter.Contains((byte)SctpChunkType.Reconfig);
                    break;
            }
        }
        parameters = ReadFields(value) with { SupportsForwardTsn = forwardTsn, SupportsReconfig = reconfig };
        // RFC 9260 section 3.3.2: neither may be 0.
        return parameters.Tag != 0 && parameters.OutboundStreams != 0 && parameters.InboundStreams != 0;
    }

    public static InitParameters ReadFields(ReadOnlySpan<byte> value) => new(
        BinaryPrimitives.ReadUInt32BigEndian(value),
        BinaryPrimitives.ReadUInt32BigEndian(value[4..]),
        BinaryPrimitives.ReadUInt16BigEndian(value[8..]),
        BinaryPrimitives.ReadUInt16BigEndian(value[10..]),
        new Tsn(BinaryPrimitives.ReadUInt32BigEndian(value[12..])),
        SupportsForwardTsn: false,
        SupportsReconfig: false);

    public void WriteFields(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Tag);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Window);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], OutboundStreams);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], InboundStreams);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], InitialTsn.Value);
    }

    /// <summary>
    /// Writes the extensions that this implementation supports: partial reliability and stream resets (RFC 8831 section 5).
    /// </summary>
    public static void WriteExtensions(Span<byte> destination)
    {
        WriteParameterHeader(destination, SctpParameterType.ForwardTsnSupported, 0);
        WriteParameterHeader(destination[4..], SctpParameterType.SupportedExtensions, 2);
        destination[8] = (byte)SctpChunkType.ForwardTsn;
        destination[9] = (byte)SctpChunkType.Reconfig;
        destination[10..ExtensionsLength].Clear();
    }

    public static void WriteParameterHeader(Span<byte> destination, SctpParameterType type, int valueLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(SctpParameterReader.HeaderLength + valueLength));
    }
}
