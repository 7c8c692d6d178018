namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Pictures that the gateway has.</summary>
public enum SlatePattern
{
    /// <summary>Colour bars.</summary>
    Bars,

    Black,
}
