using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Relay;

/// <summary>A worker, told what others send it beside media.</summary>
internal interface IRelayHandler
{
    /// <summary>
    /// A message of a topic has come. Publications that were acquired before it was sent can be found by the numbers that it names.
    /// </summary>
    /// <param name="link">The link that it came on.</param>
    /// <param name="topic">Its topic.</param>
    /// <param name="message">Its bytes, borrowed for the call.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when the topic is unknown or the message cannot be read; it is counted as malformed then.</returns>
    public bool OnMessage(RelayLink link, RelayTopic topic, ReadOnlySpan<byte> message, MonotonicTime now);

    /// <summary>
    /// Messages to the other worker were discarded, since too much waited for it: its whole state of every topic is to be sent again,
    /// in an order that the other end can take beside what it knows already.
    /// </summary>
    public void OnMessagesLost(RelayLink link);

    /// <summary>A bug was hit while a record was handled.</summary>
    public void OnRelayFault(Exception fault);
}
