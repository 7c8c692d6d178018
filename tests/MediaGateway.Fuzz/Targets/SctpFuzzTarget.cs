using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Fuzzing;
using MediaGateway.Testing.Sctp;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// An established association through a life that the input scripts: raw chunks and well-formed ones out of place, local
/// messages, channels and time. Nothing throws; what is held and buffered stays within its limits; an input packet is
/// answered by a burst at most; what is sent is well-formed; and a timer never asks to run again at once.
/// </summary>
public sealed class SctpFuzzTarget : IFuzzTarget
{
    public string Name => "sctp";

    /// <summary>Steps as <see cref="Run"/> reads them: an operation, two arguments, and bytes where it takes some.</summary>
    public IEnumerable<byte[]> Seeds =>
    [
        [1, 0, 0x83, 1, 1, 0x03, 1, 2, 0x03, 7, 1, 0],
        [1, 0, 0x83, 1, 1, 0x02, 1, 3, 0x01, 1, 2, 0x00, 2, 5, 0x17, 7, 3, 0],
        [5, 0, 40, 5, 1, 200, 2, 1, 0x22, 2, 1, 0x23, 2, 1, 0x24, 7, 50, 0, 2, 9, 0],
        [6, 0, 0, 5, 2, 1, 6, 1, 0, 4, 0, 1, 4, 1, 2, 7, 30, 0],
        [1, 5, 0x03, 3, 2, 1, 3, 8, 9, 1, 1, 0x07, 3, 200, 0],
        [0, 8, 0, 0x04, 0, 0, 8, 0, 1, 0, 4, 0, 16, 0, 0x03, 0, 0, 16, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        [0, 8, 0, 0x07, 0, 0, 8, 0, 0, 0, 0, 0, 4, 0, 0x0E, 0, 0, 4],
        [8, 0, 0, 1, 0, 0x83, 8, 1, 0, 5, 3, 90],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var life = new Life();
        for (int steps = 0; input.Length >= 3 && steps < 400; steps++)
        {
            byte operation = (byte)(input[0] % 9), a = input[1], b = input[2];
            input = input[3..];
            switch (operation)
            {
                case 0:
                    int length = Math.Min(a, input.Length);
                    life.Receive(input[..length]);
                    input = input[length..];
                    break;
                case 1:
                    life.ReceiveData((sbyte)a, b);
                    break;
                case 2:
                    life.ReceiveSack((sbyte)a, b);
                    break;
                case 3:
                    life.ReceiveForwardTsn((sbyte)a, b);
                    break;
                case 4:
                    life.ReceiveReset((sbyte)a, b);
                    break;
                case 5:
                    life.Send(a, b * 300);
                    break;
                case 6:
                    life.OpenOrClose(a, b);
                    break;
                case 7:
                    life.Advance(TimeSpan.FromMilliseconds(20 * a));
                    break;
                default:
                    life.ReceiveHandshake(a);
                    break;
            }
        }
        life.End();
    }

    private sealed class Life
    {
        private const uint Tag = 0x0102_0304;
        private const int MaxPacketsPerEvent = 16;

        private readonly SctpOptions _options = new()
        { IsDtlsClient = false, SendBufferLimit = 100_000, ReceiveWindow = 50_000, MaxMessageSize = 20_000, MaxStreams = 32 };
        private readonly SctpPeer _peer;
        private readonly List<DataChannel> _channels = [];
        private readonly byte[] _buffer = new byte[2048];
        private readonly Tsn _initial = new(uint.MaxValue - 20);
        private byte[] _cookie = [];
        private uint _localTag;
        private Tsn _lastSent;
        private int _packets;
        private int _sequence;
        private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);

        public Life()
        {
            _peer = new SctpPeer(_options, seed: 1, OnSent) { OnReceived = Echo };
            ReceiveHandshake(0);
            ReceiveHandshake(1);
            Property.Holds(_peer.Association.IsUp, "a handshake by the book ends in an association");
        }

        public void ReceiveHandshake(byte which)
        {
            if (which % 2 == 0)
            {
                byte[] init = new byte[InitParameters.FieldsLength + InitParameters.ExtensionsLength];
                new InitParameters(Tag, 30_000, 32, 32, _initial, true, true).WriteFields(init);
                InitParameters.WriteExtensions(init.AsSpan(InitParameters.FieldsLength));
                Receive(SctpChunkType.Init, 0, init, tag: 0);
            }
            else
            {
                Receive(SctpChunkType.CookieEcho, 0, _cookie, _localTag);
            }
        }

        /// <summary>Bytes in the place of chunks, behind a header and checksum that are right.</summary>
        public void Receive(ReadOnlySpan<byte> chunks)
        {
            Span<byte> packet = _buffer.AsSpan(0, SctpPacketReader.HeaderLength + chunks.Length);
            _ = new SctpPacketWriter(packet, 5000, 5000, _localTag);
            chunks.CopyTo(packet[SctpPacketReader.HeaderLength..]);
            if (packet.Length >= SctpPacketReader.HeaderLength + 4)
                Crc32c.Write(packet);
            Deliver(packet);
        }

        /// <summary>Argument: flags, then a stream in the upper bits, which 8 says is opened on.</summary>
        public void ReceiveData(int offset, byte argument)
        {
            Span<byte> value = stackalloc byte[DataChunk.FieldsLength + DataChannelOpen.MaxLength];
            int length = (argument & 0x80) != 0 ? DataChannelOpen.Write(new DataChannelParameters
            { Label = "x", IsOrdered = (argument & 0x40) == 0 }, value[DataChunk.FieldsLength..]) : 400;
            BinaryPrimitives.WriteUInt32BigEndian(value, (_initial + offset).Value);
            BinaryPrimitives.WriteUInt16BigEndian(value[4..], (ushort)(argument >> 4 & 3));
            BinaryPrimitives.WriteUInt16BigEndian(value[6..], (ushort)(_sequence++ / 2));
            BinaryPrimitives.WriteUInt32BigEndian(value[8..], (argument & 0x80) != 0 ? 50u : 53u);
            Receive(SctpChunkType.Data, (byte)(argument & 0x0F), value[..(DataChunk.FieldsLength + length)], _localTag);
        }

        public void ReceiveSack(int offset, byte gap)
        {
            Span<byte> value = stackalloc byte[SackChunk.FieldsLength + SackChunk.GapBlockLength];
            value.Clear();
            BinaryPrimitives.WriteUInt32BigEndian(value, (_lastSent - 5 + offset).Value);
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], gap == 255 ? 0u : 30_000u);
            value[9] = gap == 0 ? (byte)0 : (byte)1;
            value[13] = (byte)(gap >> 4);
            value[15] = (byte)(gap & 15);
            Receive(SctpChunkType.Sack, 0, value[..(gap == 0 ? SackChunk.FieldsLength : value.Length)], _localTag);
        }

        public void ReceiveForwardTsn(int offset, byte stream)
        {
            Span<byte> value = stackalloc byte[8];
            BinaryPrimitives.WriteUInt32BigEndian(value, (_initial + offset * (stream > 200 ? 1_000_000 : 1)).Value);
            BinaryPrimitives.WriteUInt16BigEndian(value[4..], (ushort)(stream & 3));
            BinaryPrimitives.WriteUInt16BigEndian(value[6..], stream);
            Receive(SctpChunkType.ForwardTsn, 0, value, _localTag);
        }

        public void ReceiveReset(int offset, byte argument)
        {
            Span<byte> value = stackalloc byte[18];
            value.Clear();
            bool isAnswer = (argument & 1) != 0;
            InitParameters.WriteParameterHeader(value, isAnswer ? SctpParameterType.ReconfigResponse
                : SctpParameterType.OutgoingReset, isAnswer ? 8 : 14);
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], isAnswer ? BinaryPrimitives.ReadUInt32BigEndian(_lastReset)
                : (_initial + offset).Value);
            if (isAnswer)
                value[11] = (byte)(argument >> 4 & 7);
            else
                BinaryPrimitives.WriteUInt32BigEndian(value[12..], (_initial + (argument >> 2 & 15)).Value);
            value[17] = (byte)(argument >> 6);
            Receive(SctpChunkType.Reconfig, 0, value[..(isAnswer ? 12 : 18)], _localTag);
        }

        public void Send(byte channel, int length)
        {
            if (_channels.Count > 0)
                _peer.Association.Send(_channels[channel % _channels.Count], DataMessageKind.Binary, new byte[length], _now);
            Check();
        }

        public void OpenOrClose(byte operation, byte channel)
        {
            var parameters = new DataChannelParameters
            { Label = "y", IsOrdered = (channel & 1) != 0, MaxRetransmits = (channel & 2) != 0 ? 1 : null };
            if (operation % 2 == 0 && _peer.Association.TryOpenChannel(parameters, _now) is { } opened)
                _channels.Add(opened);
            else if (_channels.Count > 0)
                _peer.Association.CloseChannel(_channels[channel % _channels.Count], _now);
            Check();
        }

        public void Advance(TimeSpan time)
        {
            MonotonicTime end = _now + time;
            while (_peer.Association.NextDeadline <= end)
            {
                if (_peer.Association.NextDeadline > _now)
                    _now = _peer.Association.NextDeadline;
                _peer.Association.OnTimeout(_now);
                Check();
                Property.Holds(_peer.Association.NextDeadline > _now, "a timer asks for a later time");
            }
            _now = end;
        }

        public void End()
        {
            _peer.Association.Close(_now);
            Property.Holds(_peer.Association.BufferedBytes == 0 && _peer.Association.HeldBytes == 0, "an end returns all buffers");
            Property.Holds(_peer.Association.NextDeadline.IsNever, "after the end nothing is due");
        }

        private byte[] _lastReset = new byte[4];

        private void Receive(SctpChunkType type, byte flags, ReadOnlySpan<byte> value, uint tag)
        {
            var writer = new SctpPacketWriter(_buffer, 5000, 5000, tag);
            writer.Append(type, flags, value);
            Deliver(writer.Finish());
        }

        private void Deliver(ReadOnlySpan<byte> packet)
        {
            _peer.Association.OnPacket(packet, _now);
            Check();
        }

        private void Echo(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now)
        {
            Property.Holds(message.Length <= _options.MaxMessageSize, "no message is longer than agreed");
            _peer.Association.Send(channel, kind, message, now);
        }

        private void OnSent(ReadOnlySpan<byte> packet)
        {
            _packets++;
            Property.Holds(packet.Length <= _options.MaxPacket, "no packet is too long");
            Property.Holds(SctpPacketReader.TryParse(packet, out SctpPacketReader reader)
                && Crc32c.Read(packet) == Crc32c.OfPacket(packet), "packets are well-formed");
            while (reader.TryRead(out SctpChunk chunk))
                Note(chunk);
            Property.Holds(!reader.IsMalformed, "chunks are well-formed");
        }

        private void Note(in SctpChunk chunk)
        {
            if (chunk.Type == SctpChunkType.InitAck
                && InitParameters.TryParse(chunk.Value, out InitParameters parameters, out ReadOnlySpan<byte> cookie))
                (_localTag, _cookie) = (parameters.Tag, cookie.ToArray());
            else if (chunk.Type == SctpChunkType.Data && DataChunk.TryParse(chunk, out DataChunk data))
                _lastSent = data.Tsn;
            else if (chunk.Type == SctpChunkType.Reconfig && chunk.Value.Length >= 16)
                _lastReset = chunk.Value[4..8].ToArray();
        }

        private void Check()
        {
            Property.Holds(_packets <= MaxPacketsPerEvent, "an event sends a burst at most");
            _packets = 0;
            Property.Holds(_peer.Association.HeldBytes is >= 0
                && _peer.Association.HeldBytes <= _options.ReceiveWindow + _options.MaxMessageSize, "what is held fits the window");
            Property.Holds(_peer.Association.BufferedBytes >= 0
                && _peer.Association.BufferedBytes <= _options.SendBufferLimit + 32_000, "what is buffered fits the send buffer");
            Property.Holds(!_peer.Association.HasEnded
                || _peer.Association.HeldBytes + _peer.Association.BufferedBytes == 0, "an end returns all buffers");
        }
    }
}
