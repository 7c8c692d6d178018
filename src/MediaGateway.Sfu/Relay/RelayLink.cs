using System.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Relay;

/// <summary>
/// A worker's link to one other worker, which carries publications of ours there and of the other's here, with their packets, timing
/// and key-frame requests, and messages of any topic both ways, all in order. docs/relay.md has the records' layouts.
/// </summary>
internal sealed class RelayLink(RelayPort port, MediaContext context, RelayStatistics statistics, IRelayHandler handler)
{
    private const int PacketHeaderLength = 20;
    private const int SetsHeaderLength = 12;
    private const int MessageHeaderLength = 2;
    private const int PublicationsHeaderLength = 1;
    private const int ShortRecord = 128;
    private const byte MutedFlag = 1;

    private readonly Dictionary<Publication, RelayTap> _taps = [];
    private readonly Dictionary<int, RelayTap> _tapsById = [];
    private readonly Dictionary<int, RelayedPublication> _publications = [];
    private int _lastId;

    /// <summary>True when records wait that the other worker has no room for.</summary>
    public bool IsBehind => port.IsBehind;

    /// <summary>Number of our publications that are relayed to the other worker.</summary>
    public int TapCount => _taps.Count;

    /// <summary>Number of the other worker's publications that are relayed here.</summary>
    public int PublicationCount => _publications.Count;

    /// <summary>Has a publication of ours relayed, until it is released as often as acquired.</summary>
    public RelayTap Acquire(Publication publication)
    {
        if (!_taps.TryGetValue(publication, out RelayTap? tap))
        {
            tap = new RelayTap(++_lastId, publication, this, context.Drops);
            _taps.Add(publication, tap);
            _tapsById.Add(tap.Id, tap);
        }
        tap.Users++;
        return tap;
    }

    public void Release(RelayTap tap)
    {
        if (--tap.Users > 0)
            return;
        tap.Publication.Remove(tap);
        _taps.Remove(tap.Publication);
        _tapsById.Remove(tap.Id);
        var writer = new RelayRecordWriter(stackalloc byte[ShortRecord], RelayRecordKind.PublicationEnded);
        writer.WriteInt32(tap.Id);
        port.Tell(writer.Written);
    }

    public void TellPublication(int id, Publication publication)
    {
        byte[] record = ArrayPool<byte>.Shared.Rent(PublicationRecord.MaxLength);
        var writer = new RelayRecordWriter(record, RelayRecordKind.Publication);
        PublicationRecord.Write(ref writer, id, publication);
        port.Tell(writer.Written);
        ArrayPool<byte>.Shared.Return(record);
    }

    public bool TryTellTiming(int id, int encoding, int epoch, SenderReportInfo? report, ClockTranslation? clock)
    {
        var writer = new RelayRecordWriter(stackalloc byte[ShortRecord], RelayRecordKind.Timing);
        writer.WriteByte((byte)encoding);
        writer.WriteByte(report is null ? (byte)0 : (byte)1);
        writer.WriteByte(clock is null ? (byte)0 : (byte)1);
        writer.WriteInt32(id);
        writer.WriteInt32(epoch);
        writer.WriteInt64((long)report.GetValueOrDefault().RemoteTime.Value);
        writer.WriteInt64(report.GetValueOrDefault().Timestamp.Value);
        writer.WriteInt64(report.GetValueOrDefault().Arrival.Ticks);
        writer.WriteInt64((long)clock.GetValueOrDefault().Remote.Value);
        writer.WriteInt64(clock.GetValueOrDefault().Local.Ticks);
        return port.TryTell(writer.Written);
    }

    /// <summary>Sends parameter sets of an encoding, as the payload of a packet; false when there is no room.</summary>
    public bool TryTellSets(int id, int encoding, int epoch, PayloadType payloadType, ReadOnlySpan<byte> sets)
    {
        var writer = new RelayRecordWriter(stackalloc byte[SetsHeaderLength + ParameterSets.MaxPayload], RelayRecordKind.ParameterSets);
        writer.WriteByte((byte)encoding);
        writer.WriteByte(payloadType.Value);
        writer.WriteByte(0);
        writer.WriteInt32(id);
        writer.WriteInt32(epoch);
        writer.WriteBytes(sets);
        return port.TryTell(writer.Written);
    }

    /// <summary>Sends a packet; false when there is no room for it.</summary>
    public bool TrySend(int id, int epoch, in MediaPacket packet, bool isMuted)
    {
        if (!port.TryReserve(PacketHeaderLength + packet.Bytes.Length, out Span<byte> record))
            return false;
        var writer = new RelayRecordWriter(record, RelayRecordKind.Packet);
        writer.WriteByte((byte)packet.Stream.Index);
        writer.WriteByte(isMuted ? MutedFlag : (byte)0);
        writer.WriteByte(0);
        writer.WriteInt32(id);
        writer.WriteInt32(epoch);
        writer.WriteInt64(packet.Sequence.Value);
        packet.Bytes.CopyTo(record[PacketHeaderLength..]);
        port.Commit();
        statistics.CountSent();
        return true;
    }

    public void RequestKeyFrame(int id, int encoding)
    {
        var writer = new RelayRecordWriter(stackalloc byte[ShortRecord], RelayRecordKind.KeyFrame);
        writer.WriteByte((byte)encoding);
        writer.WriteInt32(id);
        port.TryTell(writer.Written);
    }

    /// <summary>Sends a message: it arrives, in order with all else.</summary>
    public void Send(RelayTopic topic, ReadOnlySpan<byte> message)
    {
        byte[] record = new byte[MessageHeaderLength + message.Length];
        var writer = new RelayRecordWriter(record, RelayRecordKind.Message);
        writer.WriteByte(topic.Number);
        message.CopyTo(record.AsSpan(MessageHeaderLength));
        port.Tell(record);
    }

    /// <summary>
    /// The publication of the other worker that it numbers so (<see cref="RelayTap.Id"/> there); null when it is not here.
    /// </summary>
    public Publication? FindPublication(int id) => _publications.GetValueOrDefault(id)?.Publication;

    /// <summary>Shows the other worker what was sent, and wakes it.</summary>
    public void Publish()
    {
        if (port.TryBeginAnew())
            TellState();
        port.Publish();
    }

    /// <summary>Takes in what the other worker sent, up to a number of records; true when there may be more.</summary>
    public bool Receive(int limit, MonotonicTime now)
    {
        int count = 0;
        while (count < limit && port.TryRead(out ReadOnlySpan<byte> record))
        {
            Take(record, now);
            count++;
        }
        if (count > 0)
            port.Release();
        return count == limit;
    }

    /// <summary>A bug of ours was hit while something of the other worker's was handled.</summary>
    public void OnFault(Exception fault) => handler.OnRelayFault(fault);

    /// <summary>Takes in one record; a record that cannot be read is dropped and counted.</summary>
    internal void Take(ReadOnlySpan<byte> record, MonotonicTime now)
    {
        var reader = new RelayRecordReader(record);
        var kind = (RelayRecordKind)reader.ReadByte();
        if (kind == RelayRecordKind.Packet)
        {
            OnPacket(ref reader, now);
            return;
        }
        // Packets that came before go to those who were subscribed then.
        context.Fanout.Flush(now);
        try
        {
            if (!TryTake(kind, ref reader, now))
                context.Drops.Count(DropReason.Malformed);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            OnFault(fault);
        }
    }

    /// <summary>
    /// Says all anew, in the order in which it would have come: publications, what is said of them, and only then which have ended.
    /// </summary>
    private void TellState()
    {
        statistics.CountStateSent();
        foreach (RelayTap tap in _taps.Values)
            tap.Tell();
        handler.OnMessagesLost(this);
        byte[] record = new byte[PublicationsHeaderLength + (_taps.Count * sizeof(int))];
        var writer = new RelayRecordWriter(record, RelayRecordKind.Publications);
        foreach (RelayTap tap in _taps.Values)
            writer.WriteInt32(tap.Id);
        port.Tell(writer.Written);
        port.EndState();
    }

    private void OnPacket(ref RelayRecordReader reader, MonotonicTime now)
    {
        int encoding = reader.ReadByte();
        bool isMuted = (reader.ReadByte() & MutedFlag) != 0;
        reader.ReadByte();
        int id = reader.ReadInt32();
        int epoch = reader.ReadInt32();
        var sequence = new ExtendedSequence(reader.ReadInt64());
        statistics.CountReceived();
        DropReason reason = !reader.IsValid ? DropReason.Malformed
            : _publications.TryGetValue(id, out RelayedPublication? publication)
                ? publication.OnPacket(encoding, epoch, sequence, isMuted, reader.Rest, now)
            : DropReason.UnknownStream;
        if (reason != DropReason.None)
            context.Drops.Count(reason);
    }

    private bool TryTake(RelayRecordKind kind, ref RelayRecordReader reader, MonotonicTime now) => kind switch
    {
        RelayRecordKind.Timing => TryTakeTiming(ref reader),
        RelayRecordKind.ParameterSets => TryTakeSets(ref reader, now),
        RelayRecordKind.Publication => TryTakePublication(ref reader),
        RelayRecordKind.PublicationEnded => TryTakePublicationEnd(ref reader),
        RelayRecordKind.Publications => TryTakePublications(ref reader),
        RelayRecordKind.KeyFrame => TryTakeKeyFrame(ref reader, now),
        RelayRecordKind.Message => TryTakeMessage(ref reader, now),
        _ => false,
    };

    private bool TryTakeTiming(ref RelayRecordReader reader)
    {
        int encoding = reader.ReadByte();
        bool hasReport = reader.ReadByte() != 0, hasClock = reader.ReadByte() != 0;
        int id = reader.ReadInt32();
        int epoch = reader.ReadInt32();
        var report = new SenderReportInfo(
            new NtpTime((ulong)reader.ReadInt64()), new RtpTimestamp((uint)reader.ReadInt64()), new MonotonicTime(reader.ReadInt64()));
        var clock = new ClockTranslation(new NtpTime((ulong)reader.ReadInt64()), new MonotonicTime(reader.ReadInt64()));
        if (!reader.IsValid)
            return false;
        if (_publications.TryGetValue(id, out RelayedPublication? publication))
            publication.OnTiming(encoding, epoch, hasReport ? report : null, hasClock ? clock : null);
        return true;
    }

    private bool TryTakeSets(ref RelayRecordReader reader, MonotonicTime now)
    {
        int encoding = reader.ReadByte();
        byte payloadType = reader.ReadByte();
        reader.ReadByte();
        int id = reader.ReadInt32();
        int epoch = reader.ReadInt32();
        if (!reader.IsValid)
            return false;
        if (_publications.TryGetValue(id, out RelayedPublication? publication))
            publication.OnSets(encoding, epoch, new PayloadType(payloadType), reader.Rest, now);
        return true;
    }

    private bool TryTakePublication(ref RelayRecordReader reader)
    {
        if (!PublicationRecord.TryRead(ref reader, out PublicationRecord? record))
            return false;
        if (_publications.TryGetValue(record.Id, out RelayedPublication? publication))
            publication.Update(record);
        else
            _publications.Add(record.Id, new RelayedPublication(record, this, context));
        return true;
    }

    private bool TryTakePublicationEnd(ref RelayRecordReader reader)
    {
        int id = reader.ReadInt32();
        if (_publications.Remove(id, out RelayedPublication? publication))
            publication.Close();
        return reader.IsValid;
    }

    private bool TryTakePublications(ref RelayRecordReader reader)
    {
        HashSet<int> relayed = [];
        while (reader.IsValid && !reader.Rest.IsEmpty)
            relayed.Add(reader.ReadInt32());
        if (!reader.IsValid)
            return false;
        foreach (RelayedPublication publication in _publications.Values.Where(known => !relayed.Contains(known.Id)).ToArray())
        {
            _publications.Remove(publication.Id);
            publication.Close();
        }
        return true;
    }

    private bool TryTakeKeyFrame(ref RelayRecordReader reader, MonotonicTime now)
    {
        int encoding = reader.ReadByte();
        int id = reader.ReadInt32();
        if (_tapsById.TryGetValue(id, out RelayTap? tap))
            tap.RequestKeyFrame(encoding, now);
        return reader.IsValid;
    }

    private bool TryTakeMessage(ref RelayRecordReader reader, MonotonicTime now)
    {
        var topic = new RelayTopic(reader.ReadByte());
        return reader.IsValid && handler.OnMessage(this, topic, reader.Rest, now);
    }
}
