using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Sctp;

namespace MediaGateway.Rtc.Tests.Sctp;

/// <summary>A remote made by hand: the handshake, and then whatever packets a test wants to send.</summary>
internal sealed class ScriptedPeer
{
    public const uint Tag = 0x1234_5678;

    private readonly List<byte[]> _sent = [];

    public ScriptedPeer(uint initialTsn = 1000, Func<SctpOptions, SctpOptions>? options = null, uint window = 1 << 20)
    {
        InitialTsn = new Tsn(initialTsn);
        Window = window;
        var defaults = new SctpOptions { IsDtlsClient = false };
        Peer = new SctpPeer(options?.Invoke(defaults) ?? defaults, seed: 7, packet => _sent.Add(packet.ToArray()));
    }

    public SctpPeer Peer { get; }

    public SctpAssociation Association => Peer.Association;

    public Tsn InitialTsn { get; }

    public uint Window { get; }

    public uint LocalTag { get; private set; }

    /// <summary>TSN of the association's first DATA chunk.</summary>
    public Tsn FirstTsn { get; private set; }

    public MonotonicTime Now { get; set; } = MonotonicTime.FromMilliseconds(5000);

    /// <summary>We take the client's role: INIT, COOKIE ECHO.</summary>
    public ScriptedPeer Connect()
    {
        Receive(Init(), tag: 0);
        byte[] initAck = TakeSent().Single();
        Chunk(initAck, SctpChunkType.InitAck, value =>
        {
            Assert.True(InitParameters.TryParse(value, out InitParameters parameters, out ReadOnlySpan<byte> cookie));
            LocalTag = parameters.Tag;
            FirstTsn = parameters.InitialTsn;
            Cookie = cookie.ToArray();
        });
        Assert.Equal(DropReason.None, Receive(Build(SctpChunkType.CookieEcho, 0, Cookie)));
        Assert.True(Association.IsUp);
        TakeSent();
        return this;
    }

    public byte[] Cookie { get; private set; } = [];

    /// <summary>TSN of the last DATA chunk that the test has acknowledged.</summary>
    public Tsn LastSent { get; set; }

    public (SctpChunkType, byte, byte[]) Init()
    {
        byte[] value = new byte[InitParameters.FieldsLength + InitParameters.ExtensionsLength];
        new InitParameters(Tag, Window, 1024, 1024, InitialTsn, true, true).WriteFields(value);
        InitParameters.WriteExtensions(value.AsSpan(InitParameters.FieldsLength));
        return (SctpChunkType.Init, 0, value);
    }

    public static (SctpChunkType, byte, byte[]) Build(SctpChunkType type, byte flags, byte[] value) => (type, flags, value);

    /// <summary>A DATA chunk; <paramref name="offset"/> counts from the initial TSN.</summary>
    public (SctpChunkType, byte, byte[]) Data(
        int offset, string flags, byte[] data, ushort stream = 0, ushort sequence = 0, PayloadProtocol protocol = PayloadProtocol.Binary)
    {
        byte[] value = new byte[DataChunk.FieldsLength + data.Length];
        BinaryPrimitives.WriteUInt32BigEndian(value, (InitialTsn + offset).Value);
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(4), stream);
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(6), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(8), (uint)protocol);
        data.CopyTo(value, DataChunk.FieldsLength);
        int bits = (flags.Contains('E') ? 1 : 0) | (flags.Contains('B') ? 2 : 0) | (flags.Contains('U') ? 4 : 0)
            | (flags.Contains('I') ? 8 : 0);
        return (SctpChunkType.Data, (byte)bits, value);
    }

    /// <summary>DATA_CHANNEL_OPEN on a stream.</summary>
    public (SctpChunkType, byte, byte[]) Open(int offset, ushort stream, ushort sequence = 0)
    {
        byte[] open = new byte[DataChannelOpen.MaxLength];
        int length = DataChannelOpen.Write(new DataChannelParameters { Label = $"s{stream}" }, open);
        return Data(offset, "BE", open[..length], stream, sequence, PayloadProtocol.DataChannelControl);
    }

    public static (SctpChunkType, byte, byte[]) Sack(Tsn cumulative, uint window, params (ushort Start, ushort End)[] gaps)
    {
        byte[] value = new byte[SackChunk.FieldsLength + gaps.Length * 4];
        BinaryPrimitives.WriteUInt32BigEndian(value, cumulative.Value);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(4), window);
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(8), (ushort)gaps.Length);
        for (int i = 0; i < gaps.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(12 + i * 4), gaps[i].Start);
            BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(14 + i * 4), gaps[i].End);
        }
        return (SctpChunkType.Sack, 0, value);
    }

    public static byte[] OutgoingReset(uint sequence, Tsn lastTsn, params ushort[] streams)
    {
        byte[] value = new byte[16 + streams.Length * 2];
        InitParameters.WriteParameterHeader(value, SctpParameterType.OutgoingReset, value.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(12), lastTsn.Value);
        for (int i = 0; i < streams.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(16 + i * 2), streams[i]);
        return value;
    }

    /// <summary>SHUTDOWN that acknowledges all that the association can have sent: nothing.</summary>
    public (SctpChunkType, byte, byte[]) Shutdown()
    {
        byte[] value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, FirstTsn.Value - 1);
        return (SctpChunkType.Shutdown, 0, value);
    }

    public DropReason Receive(params (SctpChunkType Type, byte Flags, byte[] Value)[] chunks) =>
        Association.OnPacket(Packet(LocalTag, chunks), Now);

    public DropReason Receive((SctpChunkType, byte, byte[]) chunk, uint tag) => Association.OnPacket(Packet(tag, chunk), Now);

    public static byte[] Packet(uint tag, params (SctpChunkType Type, byte Flags, byte[] Value)[] chunks)
    {
        byte[] buffer = new byte[70_000];
        var writer = new SctpPacketWriter(buffer, 5000, 5000, tag);
        foreach ((SctpChunkType type, byte flags, byte[] value) in chunks)
            writer.Append(type, flags, value);
        return writer.Finish().ToArray();
    }

    public List<byte[]> TakeSent()
    {
        List<byte[]> sent = [.. _sent];
        _sent.Clear();
        return sent;
    }

    /// <summary>Chunks of a type in what was sent since the last call.</summary>
    public List<byte[]> TakeSent(SctpChunkType type)
    {
        List<byte[]> found = [];
        foreach (byte[] packet in TakeSent())
        {
            Assert.True(SctpPacketReader.TryParse(packet, out SctpPacketReader reader));
            Assert.Equal(Crc32c.OfPacket(packet), Crc32c.Read(packet));
            while (reader.TryRead(out SctpChunk chunk))
            {
                if (chunk.Type == type)
                    found.Add(chunk.Value.ToArray());
            }
            Assert.False(reader.IsMalformed);
        }
        return found;
    }

    public void Advance(TimeSpan time)
    {
        MonotonicTime end = Now + time;
        while (Association.NextDeadline <= end)
        {
            Now = Association.NextDeadline > Now ? Association.NextDeadline : Now;
            Association.OnTimeout(Now);
        }
        Now = end;
    }

    private static void Chunk(byte[] packet, SctpChunkType type, Action<byte[]> use)
    {
        Assert.True(SctpPacketReader.TryParse(packet, out SctpPacketReader reader));
        Assert.True(reader.TryRead(out SctpChunk chunk));
        Assert.Equal(type, chunk.Type);
        use(chunk.Value.ToArray());
    }
}
