namespace MediaGateway.LoadTester.Clients;

/// <summary>A client that can ask for another encoding of what it receives.</summary>
internal interface ILayerChooser
{
    /// <summary>Asks for any quality of any video track.</summary>
    public Task ChangeLayerAsync(Random random);
}
