using MediaGateway.Rtc.Sctp;

namespace MediaGateway.Testing.Rooms;

/// <summary>The data channels of a test participant: its own, by label, and those that the gateway opened.</summary>
internal sealed class TestChannels(TestMeeting meeting, TestConnection up)
{
    public const string Reliable = "_reliable";
    public const string Lossy = "_lossy";

    private readonly Dictionary<string, DataChannel> _own = [];
    private readonly HashSet<string> _opened = [];

    public bool HasOwn => _own.ContainsKey(Lossy);

    public bool HasOpened => _opened.Contains(Lossy);

    /// <summary>The gateway opened a channel.</summary>
    public void OnOpened(DataChannel channel) => _opened.Add(channel.Label);

    public void OpenAll()
    {
        Open(new DataChannelParameters { Label = Reliable });
        Open(new DataChannelParameters { Label = Lossy, IsOrdered = false, MaxRetransmits = 0 });
    }

    public void Open(DataChannelParameters parameters)
    {
        if (!_own.ContainsKey(parameters.Label) && up.Transport?.Sctp?.TryOpenChannel(parameters, meeting.Now) is { } channel)
            _own.Add(parameters.Label, channel);
    }

    public void Close(string label)
    {
        if (!_own.Remove(label, out DataChannel? channel))
            return;
        up.Transport!.Sctp!.CloseChannel(channel, meeting.Now);
        up.Host.Wake();
    }

    public void Send(string label, DataMessageKind kind, byte[] message)
    {
        if (!up.IsConnected || !_own.TryGetValue(label, out DataChannel? channel))
            return;
        up.Transport!.Sctp!.Send(channel, kind, message, meeting.Now);
        up.Host.Wake();
    }
}
