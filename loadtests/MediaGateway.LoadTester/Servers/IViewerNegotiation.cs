namespace MediaGateway.LoadTester.Servers;

/// <summary>A viewer's half of a negotiation.</summary>
internal interface IViewerNegotiation
{
    /// <summary>For servers that want an offer (WHEP).</summary>
    public string CreateOffer();

    public void AcceptAnswer(string answer);

    /// <summary>For servers that offer (Janus).</summary>
    public string Answer(string offer);
}
