using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// INIT, INIT ACK, COOKIE ECHO, COOKIE ACK in both roles, which WebRTC's two sides take at the same time (RFC 9260 sections
/// 5.1 and 5.2). Our tag and initial TSN never change, so of section 5.2.4's cases only those without a restart remain; an
/// INIT to an established association is a restart, which this connection does not allow.
/// </summary>
internal sealed class SctpHandshake
{
    private const int MaxAttempts = 8;
    private const int MaxHandshakePacket = 1200;

    private readonly SctpOptions _options;
    private readonly StateCookie _cookies;
    private TimeSpan _interval;
    private byte[] _cookie = [];
    private int _attempts;
    private bool _isDue;
    private bool _owesCookieAck;
    private InitParameters? _owesInitAck;

    public SctpHandshake(SctpOptions options, IEntropy entropy)
    {
        _options = options;
        _cookies = new StateCookie(entropy);
        _interval = options.InitialRetransmissionTimeout;
        Span<byte> random = stackalloc byte[8];
        entropy.Fill(random);
        LocalTag = Math.Max(1, BinaryPrimitives.ReadUInt32BigEndian(random));
        InitialTsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(random[4..]));
    }

    public SctpHandshakeState State { get; private set; }

    /// <summary>Verification tag that packets to us carry.</summary>
    public uint LocalTag { get; }

    public Tsn InitialTsn { get; }

    /// <summary>The remote's side, from <see cref="SctpHandshakeState.CookieEchoed"/> on.</summary>
    public InitParameters Remote { get; private set; }

    public MonotonicTime Deadline { get; private set; } = MonotonicTime.Never;

    public void Start()
    {
        if (State != SctpHandshakeState.New)
            return;
        State = SctpHandshakeState.CookieWait;
        _isDue = true;
    }

    public DropReason OnInit(ReadOnlySpan<byte> value)
    {
        if (!InitParameters.TryParse(value, out InitParameters remote, out _))
            return DropReason.SctpMalformed;
        if (State == SctpHandshakeState.Established)
            return DropReason.SctpUnexpectedChunk;
        _owesInitAck = remote;
        return DropReason.None;
    }

    public DropReason OnInitAck(ReadOnlySpan<byte> value)
    {
        if (State != SctpHandshakeState.CookieWait)
            return DropReason.SctpUnexpectedChunk;
        const int Overhead = SctpPacketReader.HeaderLength + SctpChunk.HeaderLength;
        if (!InitParameters.TryParse(value, out InitParameters remote, out ReadOnlySpan<byte> cookie)
            || cookie.IsEmpty || cookie.Length > (_options.MaxPacket & ~3) - Overhead)
        {
            return DropReason.SctpMalformed;
        }
        Remote = remote;
        _cookie = cookie.ToArray();
        State = SctpHandshakeState.CookieEchoed;
        _attempts = 0;
        _interval = _options.InitialRetransmissionTimeout;
        _isDue = true;
        return DropReason.None;
    }

    /// <summary>The association is established when this says nothing against it, if it was not before.</summary>
    public DropReason OnCookieEcho(ReadOnlySpan<byte> cookie)
    {
        if (!_cookies.TryRead(cookie, out InitParameters remote))
            return DropReason.SctpUnexpectedChunk;
        if (State != SctpHandshakeState.Established)
            Establish(remote);
        else if (remote.Tag != Remote.Tag)
            return DropReason.SctpUnexpectedChunk;
        _owesCookieAck = true;
        return DropReason.None;
    }

    public DropReason OnCookieAck()
    {
        if (State != SctpHandshakeState.CookieEchoed)
            return DropReason.SctpUnexpectedChunk;
        Establish(Remote);
        return DropReason.None;
    }

    /// <summary>T1-init or T1-cookie. False when the remote does not answer.</summary>
    public bool OnTimeout(MonotonicTime now)
    {
        if (Deadline > now)
            return true;
        _interval = _interval * 2 > _options.MaxRetransmissionTimeout ? _options.MaxRetransmissionTimeout : _interval * 2;
        _isDue = true;
        return ++_attempts < MaxAttempts;
    }

    /// <summary>Sends what is owed or due, each in a packet of its own.</summary>
    public void Send(ISctpSink sink, MonotonicTime now)
    {
        Span<byte> buffer = stackalloc byte[MaxHandshakePacket];
        if (_owesInitAck is { } remote)
        {
            _owesInitAck = null;
            sink.SendPacket(WriteInitAck(remote, buffer), now);
        }
        if (_owesCookieAck)
        {
            _owesCookieAck = false;
            var writer = new SctpPacketWriter(buffer, _options.LocalPort, _options.RemotePort, Remote.Tag);
            writer.Append(SctpChunkType.CookieAck, 0, 0);
            sink.SendPacket(writer.Finish(), now);
        }
        if (!_isDue)
            return;
        _isDue = false;
        Deadline = now + _interval;
        sink.SendPacket(State == SctpHandshakeState.CookieWait ? WriteInit(buffer) : WriteCookieEcho(buffer), now);
    }

    private void Establish(in InitParameters remote)
    {
        Remote = remote;
        State = SctpHandshakeState.Established;
        _cookie = [];
        _isDue = false;
        _owesInitAck = null;
        Deadline = MonotonicTime.Never;
    }

    /// <summary>RFC 9260 section 3.3.2: the tag of a packet with INIT is 0.</summary>
    private ReadOnlySpan<byte> WriteInit(Span<byte> buffer)
    {
        var writer = new SctpPacketWriter(buffer, _options.LocalPort, _options.RemotePort, verificationTag: 0);
        Span<byte> value = writer.Append(SctpChunkType.Init, 0, InitParameters.FieldsLength + InitParameters.ExtensionsLength);
        WriteOurs(value);
        return writer.Finish();
    }

    private ReadOnlySpan<byte> WriteInitAck(in InitParameters remote, Span<byte> buffer)
    {
        const int CookieOffset = InitParameters.FieldsLength + InitParameters.ExtensionsLength;
        var writer = new SctpPacketWriter(buffer, _options.LocalPort, _options.RemotePort, remote.Tag);
        Span<byte> value = writer.Append(SctpChunkType.InitAck, 0, CookieOffset + SctpParameterReader.HeaderLength + StateCookie.Length);
        WriteOurs(value);
        Span<byte> parameter = value[CookieOffset..];
        InitParameters.WriteParameterHeader(parameter, SctpParameterType.StateCookie, StateCookie.Length);
        _cookies.Write(remote, parameter[SctpParameterReader.HeaderLength..]);
        return writer.Finish();
    }

    private ReadOnlySpan<byte> WriteCookieEcho(Span<byte> buffer)
    {
        var writer = new SctpPacketWriter(buffer, _options.LocalPort, _options.RemotePort, Remote.Tag);
        writer.Append(SctpChunkType.CookieEcho, 0, _cookie);
        return writer.Finish();
    }

    private void WriteOurs(Span<byte> value)
    {
        new InitParameters(LocalTag, (uint)_options.ReceiveWindow, _options.MaxStreams, _options.MaxStreams, InitialTsn, true, true)
            .WriteFields(value);
        InitParameters.WriteExtensions(value[InitParameters.FieldsLength..]);
    }
}
