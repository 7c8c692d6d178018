namespace MediaGateway.Sfu.Data;

/// <summary>
/// Walks the destinations of a packet that <see cref="DataPacketView.TryParse"/> has checked: the envelope's, then
/// those inside a user packet. Clients write the same ones in both places, so a name may come twice.
/// </summary>
public ref struct DataDestinationEnumerator
{
    private WireReader _fields;
    private ReadOnlySpan<byte> _userPacket;
    private bool _insideUserPacket;

    internal DataDestinationEnumerator(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> userPacket)
    {
        _fields = new WireReader(envelope);
        _userPacket = userPacket;
    }

    public DataDestination Current { get; private set; }

    public readonly DataDestinationEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        do
        {
            while (_fields.TryRead(out WireField field))
            {
                bool isSid = _insideUserPacket && field.Number == UserPacketField.DestinationSids;
                int identities = _insideUserPacket ? UserPacketField.DestinationIdentities : DataPacketField.DestinationIdentities;
                if (!isSid && field.Number != identities)
                    continue;
                Current = new DataDestination(isSid, field.Value);
                return true;
            }
        }
        while (TryEnterUserPacket());
        return false;
    }

    private bool TryEnterUserPacket()
    {
        _fields = new WireReader(_userPacket);
        _userPacket = default;
        _insideUserPacket = true;
        return !_fields.IsAtEnd;
    }
}
