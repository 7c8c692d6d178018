namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// Names a local endpoint of a worker, such as a UDP socket, among all that the worker ever has. The platform gives it out and never
/// gives it to another endpoint, so that a path over one that has closed leads nowhere.
/// </summary>
/// <param name="Value">Number of the endpoint on its worker, from 0.</param>
public readonly record struct EndpointId(int Value)
{
    public override string ToString() => $"#{Value}";
}
