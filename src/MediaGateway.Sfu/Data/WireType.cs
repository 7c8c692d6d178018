namespace MediaGateway.Sfu.Data;

/// <summary>Encoding of a protobuf field's value. Groups (3 and 4) are not read.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}
