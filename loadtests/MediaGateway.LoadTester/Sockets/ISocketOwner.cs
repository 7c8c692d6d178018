namespace MediaGateway.LoadTester.Sockets;

/// <summary>Owner of a socket; called on the loop's thread.</summary>
internal interface ISocketOwner
{
    public void OnReadable();
}
