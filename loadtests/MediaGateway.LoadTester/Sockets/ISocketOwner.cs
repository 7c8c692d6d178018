namespace MediaGateway.LoadTester.Sockets;

/// <summary>Whose socket it is; called on the loop's thread.</summary>
internal interface ISocketOwner
{
    public void OnReadable();
}
