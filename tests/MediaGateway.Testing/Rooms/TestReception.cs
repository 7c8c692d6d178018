using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Testing.Rooms;

/// <summary>
/// One stream as a participant receives it, checked as it comes: each packet is its publisher's to the last bit, numbers
/// run on, and all that comes without a hole can be decoded. After a hole that nothing filled in time it asks for a key frame.
/// </summary>
public sealed class TestReception(TestMeeting meeting, TestConnection connection, string receiver, Ssrc ssrc, TestSource source)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly SortedDictionary<long, Held> _held = [];
    private readonly HashSet<int> _decoded = [];
    private long? _next;
    private Held? _last;
    private bool _isBroken = true;
    private bool _isWhole;
    private bool _isAfterHole;

    public Ssrc Ssrc => ssrc;

    public TestSource Source => source;

    public MonotonicTime LastPacket { get; private set; }

    public long Packets { get; private set; }

    /// <summary>Numbers that never came.</summary>
    public long Lost { get; private set; }

    public int FramesDecoded { get; private set; }

    /// <summary>Frames decoded of each temporal layer.</summary>
    public int[] FramesOfLayer { get; } = new int[3];

    /// <summary>The encoding of the newest frame decoded; -1 before the first.</summary>
    public int Encoding { get; private set; } = -1;

    public int Switches { get; private set; }

    /// <summary>Nothing can be decoded before a key frame.</summary>
    public bool NeedsKeyFrame => source.Kind == MediaKind.Video && _isBroken;

    public void OnPacket(in MediaPacket packet, MonotonicTime now)
    {
        ReadOnlySpan<byte> payload = packet.View.Payload;
        if (payload.IsEmpty)
            return;
        CodecKind codec = packet.Codec.Kind;
        if (!TestMediaPayload.TryRead(payload, codec, out int id, out int encoding, out int number, out int index)
            || id != source.Id
            || encoding >= source.Encodings.Length
            || number >= source.Encodings[encoding].Frames.Count)
        {
            Violate("a packet that is no packet of its source");
            return;
        }
        TestFrame frame = source.Encodings[encoding].Frames[number];
        if (index >= frame.Packets || !TestMediaPayload.IsIntact(payload, codec, id, encoding, frame, index))
        {
            Violate($"damaged packet {index} of {frame}");
            return;
        }
        LastPacket = now;
        Packets++;
        (int pictureId, byte tl0) = codec == CodecKind.Vp8 ? TestMediaPayload.Numbers(payload) : default;
        var held = new Held(encoding, frame, index, packet.View.Timestamp, packet.View.Marker, pictureId, tl0, now);
        long sequence = packet.Sequence.Value;
        if (sequence >= (_next ?? long.MinValue) && !_held.TryAdd(sequence, held))
            Violate($"sequence number {sequence} twice");
        Advance(now);
    }

    /// <summary>Takes what is in order, and gives up on what is missing for too long.</summary>
    public void Advance(MonotonicTime now)
    {
        if (_next is null && !TryBegin(now))
            return;
        while (_held.Count > 0)
        {
            (long sequence, Held packet) = _held.First();
            if (sequence != _next)
            {
                if (now - packet.Arrival < Patience)
                    return;
                Lost += sequence - _next!.Value;
                _isAfterHole = _isBroken = true;
            }
            _held.Remove(sequence);
            _next = sequence + 1;
            Take(packet);
        }
    }

    /// <summary>The first packets may come in any order; the first of a stream starts a key frame.</summary>
    private bool TryBegin(MonotonicTime now)
    {
        foreach ((long sequence, Held packet) in _held)
        {
            if (source.Kind == MediaKind.Video && !packet.StartsKeyFrame)
                continue;
            // What came before the description was there to tell whose it is, the client has dropped itself.
            if (meeting.IsLossless && connection.Drops[DropReason.UnknownStream] == 0 && _held.Keys.First() != sequence
                && now - _held.Values.First().Arrival > Patience)
                Violate("the stream does not begin with a key frame");
            if (now - packet.Arrival < TimeSpan.FromMilliseconds(50) && !meeting.IsLossless)
                return false;
            foreach (long before in _held.Keys.Where(key => key < sequence).ToArray())
                _held.Remove(before);
            _next = sequence;
            return true;
        }
        return false;
    }

    private void Take(Held packet)
    {
        if (source.Kind == MediaKind.Audio)
            TakeAudio(packet);
        else
            TakeVideo(packet);
        _last = packet;
        _isAfterHole = false;
    }

    private void TakeAudio(Held packet)
    {
        FramesDecoded++;
        Encoding = 0;
        _isBroken = false;
        if (_last is null)
            return;
        if (packet.Frame.Number <= _last.Frame.Number)
            Violate($"audio packet {packet.Frame.Number} after {_last.Frame.Number}");
        if (packet.Timestamp.DistanceFrom(_last.Timestamp) <= 0)
            Violate("audio timestamps go back");
    }

    private void TakeVideo(Held packet)
    {
        bool continues = _last is not null && (_last.Encoding, _last.Frame) == (packet.Encoding, packet.Frame);
        if (_last is not null && !_isAfterHole)
            CheckFollows(_last, packet, continues);
        if (_last is not null && packet.Timestamp.DistanceFrom(_last.Timestamp) < 0)
            Violate($"timestamps go back from {_last.Frame} to {packet.Frame}");
        if (!continues)
            _isWhole = packet.Index == 0;
        else if (_isAfterHole || packet.Index != _last!.Index + 1)
            _isWhole = false;
        if (packet.Index == packet.Frame.Packets - 1 && _isWhole)
            Decode(packet);
    }

    private void CheckFollows(Held before, Held after, bool continues)
    {
        if (continues)
        {
            if (after.Index != before.Index + 1 || after.Timestamp != before.Timestamp
                || (after.PictureId, after.Tl0PicIdx) != (before.PictureId, before.Tl0PicIdx))
                Violate($"packet {after.Index} of {after.Frame} does not follow packet {before.Index}");
            return;
        }
        bool isCut = before.Index != before.Frame.Packets - 1;
        if (after.Index != 0 || (isCut && !after.StartsKeyFrame))
        {
            // A layer left out, of which lost packets were recovered later, comes in part.
            if (meeting.IsLossless)
                Violate($"packet {before.Index} of {before.Frame} is followed by packet {after.Index} of {after.Frame}");
            _isBroken |= before.Frame.Temporal == 0;
        }
        if (before.Encoding != after.Encoding && !after.StartsKeyFrame && meeting.IsLossless)
            Violate($"encoding {after.Encoding} takes over at {after.Frame}");
        if (after.Timestamp == before.Timestamp && meeting.IsLossless)
            Violate($"{before.Frame} and {after.Frame} have one timestamp");
        if (source.Codec == CodecKind.Vp8 && meeting.IsLossless)
            CheckNumbers(before, after);
    }

    private void CheckNumbers(Held before, Held after)
    {
        if (after.PictureId != ((before.PictureId + 1) & 0x7FFF))
            Violate($"picture {after.PictureId} after {before.PictureId}");
        if (after.Tl0PicIdx != (byte)(before.Tl0PicIdx + (after.Frame.Temporal == 0 ? 1 : 0)))
            Violate($"TL0PICIDX {after.Tl0PicIdx} after {before.Tl0PicIdx} at {after.Frame}");
    }

    private void Decode(Held packet)
    {
        if (packet.Frame.IsKey)
        {
            _decoded.Clear();
            Switches += Encoding >= 0 && Encoding != packet.Encoding ? 1 : 0;
            Encoding = packet.Encoding;
            _isBroken = false;
        }
        else if (_isBroken)
        {
            return;
        }
        else if (packet.Encoding != Encoding || !packet.Frame.References.All(_decoded.Contains))
        {
            if (meeting.IsLossless)
                Violate($"{packet.Frame} can't be decoded: {string.Join(' ', packet.Frame.References)} needed");
            _isBroken |= packet.Frame.Temporal == 0;
            return;
        }
        _decoded.Add(packet.Frame.Number);
        FramesDecoded++;
        FramesOfLayer[packet.Frame.Temporal]++;
        if (!packet.Marker)
            Violate($"{packet.Frame} ends without a marker");
    }

    private void Violate(string what) => meeting.Violate($"{receiver}, {source.Codec} of {source.Publisher.Identity}, SSRC {ssrc}: {what}");

    private sealed record Held(
        int Encoding, TestFrame Frame, int Index, RtpTimestamp Timestamp, bool Marker, int PictureId, byte Tl0PicIdx, MonotonicTime Arrival)
    {
        public bool StartsKeyFrame => Frame.IsKey && Index == 0;
    }
}
