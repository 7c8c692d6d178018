using System.Buffers.Binary;
using System.Text;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Testing.Peers;

/// <summary>
/// The controlling side of ICE on one path, as little of it as a test or a load generator needs: it writes checks, sends an
/// unanswered one again every 50 ms, and once answered keeps the path alive with a new one every 2.5 s. Pure.
/// </summary>
public sealed class TestIceClient
{
    /// <summary>Longest check, bytes, with fragments of up to 64 characters.</summary>
    public const int MaxCheckLength = 256;

    private static readonly TimeSpan RetransmitInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(2.5);

    private readonly IceCredentials _local;
    private readonly IceCredentials _remote;
    private readonly byte[] _remotePassword;
    private readonly IEntropy _entropy;
    private readonly uint _priority;
    private readonly ulong _tieBreaker;
    private StunTransactionId _transactionId;
    private bool _isPending;
    private MonotonicTime? _lastSent;

    public TestIceClient(IceCredentials local, IceCredentials remote, IEntropy entropy, uint priority)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(remote);
        ArgumentNullException.ThrowIfNull(entropy);
        _local = local;
        _remote = remote;
        _remotePassword = Encoding.UTF8.GetBytes(remote.Password);
        _entropy = entropy;
        _priority = priority;
        Span<byte> tieBreaker = stackalloc byte[8];
        entropy.Fill(tieBreaker);
        _tieBreaker = BinaryPrimitives.ReadUInt64BigEndian(tieBreaker);
    }

    /// <summary>True from the first valid success response on.</summary>
    public bool Connected { get; private set; }

    /// <summary>Our address as the remote saw it; none until connected.</summary>
    public TransportAddress MappedAddress { get; private set; }

    /// <summary>Time at which to call <see cref="WriteCheck"/> next.</summary>
    public MonotonicTime NextCheck => _lastSent is not { } sent ? MonotonicTime.Zero
        : sent + (_isPending ? RetransmitInterval : KeepAliveInterval);

    /// <summary>Writes a check: the pending one again while it is unanswered, else a new one.</summary>
    /// <returns>Its length in bytes.</returns>
    public int WriteCheck(Span<byte> buffer, bool nominate, MonotonicTime now)
    {
        if (!_isPending)
            _transactionId = StunTransactionId.Create(_entropy);
        _isPending = true;
        _lastSent = now;
        return Write(buffer, _transactionId, _local, _remote, nominate);
    }

    /// <summary>
    /// Writes a check from <paramref name="sender"/> to <paramref name="receiver"/>, a transaction of its own: it tells a
    /// lite agent at the client's end, which never sends first, which path is valid.
    /// </summary>
    /// <returns>Its length in bytes.</returns>
    public int WriteCheckAs(Span<byte> buffer, IceCredentials sender, IceCredentials receiver, bool nominate)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(receiver);
        return Write(buffer, StunTransactionId.Create(_entropy), sender, receiver, nominate);
    }

    /// <summary>True for a success response to the pending check, signed by the remote.</summary>
    public bool OnResponse(ReadOnlySpan<byte> datagram)
    {
        if (!_isPending || !StunMessageView.TryParse(datagram, out StunMessageView response)
            || response.Class != StunClass.SuccessResponse || response.Method != StunMethod.Binding
            || response.TransactionId != _transactionId
            || response.CheckFingerprint() != FingerprintStatus.Valid
            || !response.VerifyIntegrity(_remotePassword)
            || !response.TryGetXorMappedAddress(out TransportAddress mapped))
        {
            return false;
        }
        MappedAddress = mapped;
        _isPending = false;
        Connected = true;
        return true;
    }

    private int Write(Span<byte> buffer, StunTransactionId transactionId, IceCredentials sender, IceCredentials receiver, bool nominate)
    {
        Span<byte> text = stackalloc byte[IceCredentials.MaxLength * 2];
        int receiverLength = Encoding.UTF8.GetBytes(receiver.UsernameFragment, text);
        int senderLength = Encoding.UTF8.GetBytes(sender.UsernameFragment, text[receiverLength..]);
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, transactionId);
        writer.AddUsername(text[..receiverLength], text.Slice(receiverLength, senderLength));
        writer.AddTieBreaker(StunAttributeType.IceControlling, _tieBreaker);
        if (nominate)
            writer.AddUseCandidate();
        writer.AddPriority(_priority);
        int keyLength = Encoding.UTF8.GetBytes(receiver.Password, text);
        writer.AddMessageIntegrity(text[..keyLength]);
        writer.AddFingerprint();
        return writer.Length;
    }
}
