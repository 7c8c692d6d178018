using System.Text;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// Finds a datagram's peer: by the path it came on once that is proven, by the ICE username fragment before. A path
/// belongs to the peer that authenticated a check on it, until that peer's checks stop.
/// </summary>
internal sealed class PeerTable
{
    private const int MaxUsernameFragment = 256;

    /// <summary>An ICE agent answers to its newest credentials and to those before; older fragments lead nowhere.</summary>
    private const int MaxUsernameFragmentsPerPeer = 2;

    private readonly Dictionary<PeerId, Entry> _byId = [];
    private readonly Dictionary<NetworkPath, Entry> _byPath = [];
    private readonly Dictionary<string, Entry> _byUsername = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> _byUsernameSpan;

    public PeerTable() => _byUsernameSpan = _byUsername.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _byId.Count;

    public IEnumerable<Peer> Peers => _byId.Values.Select(entry => entry.Peer);

    public void Add(Peer peer, string usernameFragment)
    {
        var entry = new Entry(peer);
        _byId.Add(peer.Id, entry);
        AddUsername(entry, usernameFragment);
    }

    /// <summary>
    /// Adds the username fragment of an ICE restart. Both lead to the peer, since checks with the old one may still be on their way.
    /// </summary>
    public void AddUsername(PeerId id, string usernameFragment)
    {
        if (_byId.TryGetValue(id, out Entry? entry))
            AddUsername(entry, usernameFragment);
    }

    public void Remove(PeerId id)
    {
        if (!_byId.Remove(id, out Entry? entry))
            return;
        foreach (string usernameFragment in entry.UsernameFragments)
            _byUsername.Remove(usernameFragment);
        foreach (NetworkPath path in entry.Paths)
            _byPath.Remove(path);
    }

    public Peer? Find(PeerId id) => _byId.GetValueOrDefault(id)?.Peer;

    public Peer? Find(in NetworkPath path) => _byPath.GetValueOrDefault(path)?.Peer;

    public bool IsProven(in NetworkPath path) => _byPath.ContainsKey(path);

    public Peer? FindByUsername(ReadOnlySpan<byte> usernameFragment)
    {
        if (usernameFragment.Length > MaxUsernameFragment)
            return null;
        Span<char> characters = stackalloc char[MaxUsernameFragment];
        int length = Encoding.Latin1.GetChars(usernameFragment, characters);
        return _byUsernameSpan.TryGetValue(characters[..length], out Entry? entry) ? entry.Peer : null;
    }

    /// <summary>Notes that the peer has proven this path by an authenticated check.</summary>
    public void Prove(Peer peer, in NetworkPath path)
    {
        if (_byPath.TryGetValue(path, out Entry? holder))
        {
            // A path in use is not given away: whoever can write another's source address could take it by a check of their own.
            if (holder.Peer == peer || holder.Peer.Transport.Ice.State == IceState.Connected)
                return;
            holder.Paths.Remove(path);
        }
        if (!_byId.TryGetValue(peer.Id, out Entry? entry))
            return;
        entry.Paths.Add(path);
        _byPath[path] = entry;
    }

    /// <summary>Notes that the peer's ICE agent no longer uses this path: datagrams that come along it belong to nobody.</summary>
    public void Disprove(Peer peer, in NetworkPath path)
    {
        if (_byPath.TryGetValue(path, out Entry? holder) && holder.Peer == peer)
        {
            holder.Paths.Remove(path);
            _byPath.Remove(path);
        }
    }

    private void AddUsername(Entry entry, string usernameFragment)
    {
        _byUsername.Add(usernameFragment, entry);
        entry.UsernameFragments.Add(usernameFragment);
        if (entry.UsernameFragments.Count <= MaxUsernameFragmentsPerPeer)
            return;
        _byUsername.Remove(entry.UsernameFragments[0]);
        entry.UsernameFragments.RemoveAt(0);
    }

    private sealed class Entry(Peer peer)
    {
        public Peer Peer { get; } = peer;

        public List<NetworkPath> Paths { get; } = new(1);

        public List<string> UsernameFragments { get; } = new(1);
    }
}
