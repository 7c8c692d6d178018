namespace MediaGateway.Rtc.Sdp;

/// <summary>The <c>o=</c> line (RFC 8866 section 5.2). Numbers stay text: they may exceed 64 bits.</summary>
public sealed record SdpOrigin(
    string Username,
    string SessionId,
    string SessionVersion,
    string NetworkType,
    string AddressType,
    string Address)
{
    public static bool IsValid(ReadOnlySpan<char> value)
    {
        int fields = 0;
        foreach (Range field in value.Split(' '))
        {
            if (value[field].IsEmpty)
                return false;
            fields++;
        }
        return fields == 6;
    }

    public static bool TryParse(ReadOnlySpan<char> value, out SdpOrigin? origin)
    {
        origin = null;
        if (!IsValid(value))
            return false;
        string[] fields = value.ToString().Split(' ');
        origin = new SdpOrigin(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
        return true;
    }

    /// <summary>The line's value.</summary>
    public override string ToString() => $"{Username} {SessionId} {SessionVersion} {NetworkType} {AddressType} {Address}";
}
