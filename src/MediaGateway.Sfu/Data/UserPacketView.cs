namespace MediaGateway.Sfu.Data;

/// <summary>The fields of a user packet that the gateway sets and reads; the payload is opaque. Borrows the packet.</summary>
internal ref struct UserPacketView
{
    /// <summary>All bytes of the message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public ReadOnlySpan<byte> ParticipantSid { get; private set; }

    public ReadOnlySpan<byte> ParticipantIdentity { get; private set; }

    public int DestinationCount { get; private set; }

    /// <summary>Number of bytes of the fields that a rewrite leaves out: <see cref="IsSenderField"/>.</summary>
    public int SenderFieldsLength { get; private set; }

    public static bool TryParse(ReadOnlySpan<byte> message, out UserPacketView view)
    {
        view = new UserPacketView { Bytes = message };
        var fields = new WireReader(message);
        while (fields.TryRead(out WireField field))
        {
            if (!view.TryTake(field))
                return false;
        }
        return fields.IsAtEnd && view.DestinationCount <= DataPacketView.MaxDestinations;
    }

    /// <summary>Tells whether the field names the sender, which is the gateway's to say.</summary>
    public static bool IsSenderField(in WireField field) =>
        field.Number is UserPacketField.ParticipantSid or UserPacketField.ParticipantIdentity;

    private bool TryTake(in WireField field)
    {
        if (IsSenderField(field))
            SenderFieldsLength += field.Encoded.Length;
        switch (field.Number)
        {
            case UserPacketField.ParticipantSid:
                ParticipantSid = field.Value;
                break;
            case UserPacketField.ParticipantIdentity:
                ParticipantIdentity = field.Value;
                break;
            case UserPacketField.DestinationSids or UserPacketField.DestinationIdentities:
                DestinationCount++;
                break;
            default:
                return true;
        }
        return field.Type == WireType.LengthDelimited;
    }
}
