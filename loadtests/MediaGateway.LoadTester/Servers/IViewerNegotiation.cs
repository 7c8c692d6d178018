namespace MediaGateway.LoadTester.Servers;

/// <summary>A viewer's half of a negotiation.</summary>
internal interface IViewerNegotiation
{
    /// <summary>Makes the offer, for servers that want one (WHEP).</summary>
    public string CreateOffer();

    public void AcceptAnswer(string answer);

    /// <summary>Answers the server's offer, for servers that offer (Janus).</summary>
    public string Answer(string offer);
}
