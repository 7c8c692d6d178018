using System.Buffers.Binary;
using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.LoadTester.Media;

/// <summary>The numbers that a track's packets carry, as negotiated.</summary>
internal sealed class TrackWiring
{
    private const byte SpeechLevel = 0x80 | 30;

    private readonly byte[] _mid = [];
    private readonly byte[] _rid = [];
    private readonly byte _midId;
    private readonly byte _ridId;
    private readonly byte _transportSequenceId;
    private readonly byte _audioLevelId;

    public TrackWiring(int source, RtpSender sender, Rid? rid = null)
    {
        Source = source;
        Ssrc = sender.Stream.Ssrc;
        PayloadType = sender.Codecs[0].PayloadType;
        ClockRate = sender.Codecs[0].ClockRate;
        InitialSequence = sender.InitialSequence;
        _mid = Encoding.ASCII.GetBytes(sender.Mid.Value);
        _rid = Encoding.ASCII.GetBytes(rid?.Value ?? "");
        _ridId = rid is null ? (byte)0 : sender.Extensions.IdOf(HeaderExtensionKind.RtpStreamId);
        _midId = sender.Extensions.IdOf(HeaderExtensionKind.Mid);
        _transportSequenceId = sender.Extensions.IdOf(HeaderExtensionKind.TransportSequenceNumber);
        _audioLevelId = sender.Extensions.IdOf(HeaderExtensionKind.AudioLevel);
    }

    /// <summary>Makes the wiring of a track that nothing was negotiated for.</summary>
    public TrackWiring(int source, Ssrc ssrc, PayloadType payloadType, int clockRate)
    {
        Source = source;
        Ssrc = ssrc;
        PayloadType = payloadType;
        ClockRate = clockRate;
    }

    public int Source { get; }

    public Ssrc Ssrc { get; }

    public PayloadType PayloadType { get; }

    public int ClockRate { get; }

    public ExtendedSequence InitialSequence { get; }

    public void WriteExtensions(ref RtpPacketWriter writer, ushort transportSequence)
    {
        Span<byte> number = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(number, transportSequence);
        if (_midId != 0)
            writer.WriteExtension(_midId, _mid);
        if (_ridId != 0)
            writer.WriteExtension(_ridId, _rid);
        if (_transportSequenceId != 0)
            writer.WriteExtension(_transportSequenceId, number);
        if (_audioLevelId != 0)
            writer.WriteExtension(_audioLevelId, [SpeechLevel]);
    }
}
