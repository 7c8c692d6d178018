namespace MediaGateway.Rtc.Codecs;

/// <summary>A NAL unit of H.264 or H.265 in the payload of a packet, or the fragment of one; borrowed from the payload.</summary>
internal readonly ref struct NalUnit
{
    /// <summary>The type in the unit's own header, whether that header is there or stands for a fragment.</summary>
    public byte Type { get; init; }

    /// <summary>The unit's header, in the low byte or in both.</summary>
    public ushort Header { get; init; }

    /// <summary>True when others may refer to it: H.264's nal_ref_idc is not 0.</summary>
    public bool IsReferredTo => (Header & 0x60) != 0;

    /// <summary>The bytes behind the header that are in this packet.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>True when the unit begins in this packet.</summary>
    public bool Starts { get; init; }

    /// <summary>True when the unit ends in this packet.</summary>
    public bool Ends { get; init; }
}
