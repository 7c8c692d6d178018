namespace MediaGateway.Sfu.Data;

/// <summary>
/// The envelope of a data packet (protobuf message <c>livekit.DataPacket</c>), one message of a data channel: what the
/// gateway needs for routing it. Everything else is opaque and forwarded as it came. Borrows the packet.
/// </summary>
/// <remarks>
/// Stricter than protobuf asks in what no encoder writes and receivers may read differently: groups, a known field of
/// another wire type and more than one value are malformed. Of a repeated plain field the last counts.
/// </remarks>
public ref struct DataPacketView
{
    public const int MaxLength = 256 * 1024;

    /// <summary>Destinations in the envelope; a user packet may name more inside.</summary>
    public const int MaxDestinations = 1024;

    private UserPacketView _user;

    /// <summary>All bytes of the packet.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Number of a reliable packet, ascending from 1 for each sender; 0 where the sender does not number.</summary>
    public uint Sequence { get; private set; }

    /// <summary>Sid of the sender as the packet has it; what a client writes here proves nothing.</summary>
    public ReadOnlySpan<byte> ParticipantSid { get; private set; }

    /// <inheritdoc cref="ParticipantSid"/>
    public ReadOnlySpan<byte> ParticipantIdentity { get; private set; }

    /// <inheritdoc cref="ParticipantSid"/>
    public DataPacketKind Kind { get; private set; }

    public DataPacketValue Value { get; private set; }

    /// <summary>True when the packet is only for those that it names; otherwise it is for everybody.</summary>
    public readonly bool HasDestinations => EnvelopeDestinationCount + _user.DestinationCount > 0;

    public readonly DataDestinationEnumerator Destinations => new(Bytes, _user.Bytes);

    /// <summary>User packet inside; empty unless <see cref="Value"/> is <see cref="DataPacketValue.User"/>.</summary>
    internal readonly UserPacketView User => _user;

    /// <summary>Number of bytes of the fields that a rewrite leaves out or writes anew: <see cref="IsRewritten"/>.</summary>
    internal int RewrittenFieldsLength { get; private set; }

    private int EnvelopeDestinationCount { get; set; }

    public static bool TryParse(ReadOnlySpan<byte> packet, out DataPacketView view)
    {
        view = new DataPacketView { Bytes = packet };
        if (packet.Length > MaxLength)
            return false;
        var fields = new WireReader(packet);
        while (fields.TryRead(out WireField field))
        {
            if (!view.TryTake(field))
                return false;
        }
        return fields.IsAtEnd && view.EnvelopeDestinationCount <= MaxDestinations;
    }

    internal static bool IsRewritten(in WireField field) => field.Number
        is DataPacketField.Kind
        or DataPacketField.ParticipantIdentity
        or DataPacketField.ParticipantSid
        or (int)DataPacketValue.User;

    private bool TryTake(in WireField field)
    {
        if (IsRewritten(field))
            RewrittenFieldsLength += field.Encoded.Length;
        switch (field.Number)
        {
            case DataPacketField.Kind:
                Kind = field.Varint == (ulong)DataPacketKind.Lossy ? DataPacketKind.Lossy : DataPacketKind.Reliable;
                return field.Type == WireType.Varint;
            case DataPacketField.Sequence:
                Sequence = (uint)field.Varint;
                return field.Type == WireType.Varint;
            case DataPacketField.ParticipantIdentity:
                ParticipantIdentity = field.Value;
                return field.Type == WireType.LengthDelimited;
            case DataPacketField.ParticipantSid:
                ParticipantSid = field.Value;
                return field.Type == WireType.LengthDelimited;
            case DataPacketField.DestinationIdentities:
                EnvelopeDestinationCount++;
                return field.Type == WireType.LengthDelimited;
            default:
                return !IsValue(field.Number) || TryTakeValue(field);
        }
    }

    private bool TryTakeValue(in WireField field)
    {
        if (field.Type != WireType.LengthDelimited || Value != DataPacketValue.None)
            return false;
        Value = (DataPacketValue)field.Number;
        return Value != DataPacketValue.User || UserPacketView.TryParse(field.Value, out _user);
    }

    private static bool IsValue(int number) => (DataPacketValue)number
        is DataPacketValue.User
        or DataPacketValue.Speaker
        or (>= DataPacketValue.SipDtmf and <= DataPacketValue.StreamTrailer)
        or DataPacketValue.EncryptedPacket;
}
