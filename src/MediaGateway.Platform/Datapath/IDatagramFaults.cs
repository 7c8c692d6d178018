namespace MediaGateway.Platform.Datapath;

/// <summary>
/// The place between worker and network where a test may lose, repeat, reorder or readdress datagrams. Called on the
/// worker's thread. Production has none, at the cost of one null check a batch.
/// </summary>
public interface IDatagramFaults
{
    /// <summary>The batch was received and has not reached the handler.</summary>
    public void OnReceived(DatagramBatch batch);

    /// <summary>The batch is about to leave.</summary>
    public void OnSending(DatagramBatch batch);
}
