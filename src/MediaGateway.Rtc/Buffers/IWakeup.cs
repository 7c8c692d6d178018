namespace MediaGateway.Rtc.Buffers;

/// <summary>Ends a worker's sleep early so that it looks at its inbox. Callable from any thread; cheap when repeated.</summary>
public interface IWakeup
{
    public void Wake();
}
