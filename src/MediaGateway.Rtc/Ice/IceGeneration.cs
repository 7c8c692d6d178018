using System.Text;

namespace MediaGateway.Rtc.Ice;

/// <summary>One set of credentials between two restarts, in the bytes that checks carry and hash.</summary>
internal sealed class IceGeneration(int number, IceCredentials local, IceCredentials? remote)
{
    private readonly byte[] _localFragment = Encoding.UTF8.GetBytes(local.UsernameFragment);
    private byte[]? _remoteFragment = FragmentOf(remote);

    /// <summary>Counts restarts.</summary>
    public int Number { get; } = number;

    public IceCredentials Local { get; } = local;

    public IceCredentials? Remote { get; private set; } = remote;

    /// <summary>The local password: it signs the remote's checks and our answers to them.</summary>
    public byte[] Key { get; } = Encoding.UTF8.GetBytes(local.Password);

    public void SetRemote(IceCredentials remote)
    {
        Remote = remote;
        _remoteFragment = FragmentOf(remote);
    }

    /// <summary>
    /// True for USERNAME <c>local:remote</c>. While the remote fragment is unknown any well-formed one passes: checks may
    /// come before the answer, and the local password is what proves them (RFC 8445 section 7.3).
    /// </summary>
    public bool IsAddressedBy(ReadOnlySpan<byte> username)
    {
        int colon = username.IndexOf((byte)':');
        if (colon < 0 || !username[..colon].SequenceEqual(_localFragment))
            return false;
        ReadOnlySpan<byte> remote = username[(colon + 1)..];
        return _remoteFragment is null
            ? remote.Length >= IceCredentials.MinUsernameFragmentLength
            : remote.SequenceEqual(_remoteFragment);
    }

    private static byte[]? FragmentOf(IceCredentials? credentials) =>
        credentials is null ? null : Encoding.UTF8.GetBytes(credentials.UsernameFragment);
}
