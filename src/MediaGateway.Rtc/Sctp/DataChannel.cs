namespace MediaGateway.Rtc.Sctp;

/// <summary>One data channel: the pair of SCTP streams of one id (RFC 8831 section 6.4). Its association does the work.</summary>
public sealed class DataChannel
{
    internal DataChannel(SctpAssociation association, ushort streamId, DataChannelParameters parameters, bool isLocal)
    {
        Association = association;
        StreamId = streamId;
        Parameters = parameters;
        MayUnorder = !isLocal;
        State = isLocal ? DataChannelState.Connecting : DataChannelState.Open;
    }

    public ushort StreamId { get; }

    public DataChannelParameters Parameters { get; }

    public string Label => Parameters.Label;

    public string Protocol => Parameters.Protocol;

    public bool IsOrdered => Parameters.IsOrdered;

    public DataChannelState State { get; internal set; }

    /// <summary>Bytes of messages that were taken and neither acknowledged nor given up yet.</summary>
    public long BufferedAmount { get; internal set; }

    /// <summary>Threshold in bytes: the sink is notified when <see cref="BufferedAmount"/> falls to it from above.</summary>
    public long BufferedAmountLowThreshold { get; set; }

    /// <summary>Whatever the application associates with the channel.</summary>
    public object? Owner { get; set; }

    internal SctpAssociation Association { get; }

    /// <summary>RFC 8832 section 6: until the remote has answered, even an unordered channel's messages are sent in order.</summary>
    internal bool MayUnorder { get; set; }

    /// <summary>Messages that have not left whole.</summary>
    internal Queue<OutgoingMessage> Outbox { get; } = new();

    internal ushort NextStreamSequence { get; set; }

    /// <summary>The application has heard of it, and is to hear of its end.</summary>
    internal bool IsAnnounced { get; set; }

    /// <summary>Waiting to be told that it has drained.</summary>
    internal bool IsDrainPending { get; set; }

    /// <summary>Our direction was reset, and the remote's (RFC 8831 section 6.7).</summary>
    internal bool IsOutgoingReset { get; set; }

    internal bool IsIncomingReset { get; set; }
}
