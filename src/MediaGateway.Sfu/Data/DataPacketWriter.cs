namespace MediaGateway.Sfu.Data;

/// <summary>
/// Writes a data packet as its receivers get it: kind and sender are the gateway's, in the envelope and inside a user
/// packet; sequence, destinations, payload and unknown fields are the sender's, byte for byte.
/// </summary>
public static class DataPacketWriter
{
    /// <summary>Number of bytes that <see cref="TryWrite"/> writes.</summary>
    public static int LengthOf(in DataPacketView packet, DataPacketKind kind, in DataPacketSender sender)
    {
        int length = packet.Bytes.Length - packet.RewrittenFieldsLength
            + WireWriter.LengthOf(DataPacketField.Kind, (uint)kind)
            + WireWriter.LengthOf(DataPacketField.ParticipantIdentity, sender.Identity)
            + WireWriter.LengthOf(DataPacketField.ParticipantSid, sender.Sid);
        if (packet.Value == DataPacketValue.User)
            length += WireWriter.LengthOfValue((int)DataPacketValue.User, UserLength(packet.User, sender));
        return length;
    }

    /// <returns>False when <paramref name="destination"/> is too short; nothing is written then.</returns>
    public static bool TryWrite(
        in DataPacketView packet,
        DataPacketKind kind,
        in DataPacketSender sender,
        Span<byte> destination,
        out int length)
    {
        length = 0;
        if (LengthOf(packet, kind, sender) > destination.Length)
            return false;
        var writer = new WireWriter(destination);
        writer.WriteVarint(DataPacketField.Kind, (uint)kind);
        writer.WriteBytes(DataPacketField.ParticipantIdentity, sender.Identity);
        writer.WriteBytes(DataPacketField.ParticipantSid, sender.Sid);
        if (packet.Value == DataPacketValue.User)
            WriteUser(ref writer, packet.User, sender);
        var fields = new WireReader(packet.Bytes);
        while (fields.TryRead(out WireField field))
        {
            if (!DataPacketView.IsRewritten(field))
                writer.WriteEncoded(field.Encoded);
        }
        length = writer.Length;
        return true;
    }

    private static int UserLength(in UserPacketView user, in DataPacketSender sender) =>
        user.Bytes.Length - user.SenderFieldsLength
        + WireWriter.LengthOf(UserPacketField.ParticipantSid, sender.Sid)
        + WireWriter.LengthOf(UserPacketField.ParticipantIdentity, sender.Identity);

    private static void WriteUser(ref WireWriter writer, in UserPacketView user, in DataPacketSender sender)
    {
        writer.WriteLength((int)DataPacketValue.User, UserLength(user, sender));
        writer.WriteBytes(UserPacketField.ParticipantSid, sender.Sid);
        writer.WriteBytes(UserPacketField.ParticipantIdentity, sender.Identity);
        var fields = new WireReader(user.Bytes);
        while (fields.TryRead(out WireField field))
        {
            if (!UserPacketView.IsSenderField(field))
                writer.WriteEncoded(field.Encoded);
        }
    }
}
