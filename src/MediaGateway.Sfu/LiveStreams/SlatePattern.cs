namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Pictures that the gateway can show as slates.</summary>
public enum SlatePattern
{
    /// <summary>Colour bars.</summary>
    Bars,

    Black,
}
