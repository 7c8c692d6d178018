namespace MediaGateway.FanoutBench;

/// <summary>A target that sends one publisher's packets to many viewers from a thread of its own.</summary>
internal interface IFanout : IDisposable
{
    public int Viewers { get; }

    /// <summary>Packets that all viewers together have received.</summary>
    public long Received { get; }

    /// <summary>Has one frame sent to all viewers.</summary>
    public void SendFrame();

    /// <summary>Lets the viewers take in what has come.</summary>
    public void Receive();
}
