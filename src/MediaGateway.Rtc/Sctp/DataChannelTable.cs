using System.Diagnostics.CodeAnalysis;

namespace MediaGateway.Rtc.Sctp;

/// <summary>The channels of an association by stream id, and which ids are free for new ones of ours.</summary>
internal sealed class DataChannelTable(SctpOptions options)
{
    private readonly Dictionary<ushort, DataChannel> _channels = [];

    public IEnumerable<DataChannel> All => _channels.Values;

    public bool IsFull => _channels.Count >= options.MaxChannels;

    public bool TryGet(ushort streamId, [NotNullWhen(true)] out DataChannel? channel) => _channels.TryGetValue(streamId, out channel);

    public void Add(DataChannel channel) => _channels.Add(channel.StreamId, channel);

    public void Remove(DataChannel channel) => _channels.Remove(channel.StreamId);

    /// <summary>
    /// The lowest free id of ours below a limit: even ones are the DTLS client's, odd ones the server's (RFC 8832 section 6).
    /// </summary>
    public bool TryFindFree(int limit, out ushort streamId)
    {
        for (int id = options.IsDtlsClient ? 0 : 1; id < limit; id += 2)
        {
            streamId = (ushort)id;
            if (!_channels.ContainsKey(streamId))
                return true;
        }
        streamId = 0;
        return false;
    }
}
