namespace MediaGateway.Rtc.Bandwidth;

/// <summary>Fate of a packet that was sent, as far as it is known.</summary>
internal enum PacketFate : byte
{
    /// <summary>Nothing has been told of the packet: it is in flight.</summary>
    InFlight,

    /// <summary>The packet was told to be missing, and may still arrive: packets overtake each other.</summary>
    Missing,

    /// <summary>The packet is lost.</summary>
    Lost,

    /// <summary>The packet has arrived.</summary>
    Received,

    /// <summary>The feedback about the packet was lost.</summary>
    Unknown,

    /// <summary>The packet was sent a second time under its number, so that an arrival tells nothing about the way.</summary>
    Repeated,
}
