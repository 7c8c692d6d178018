using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Relay;

/// <summary>Takes a publication's packets to another worker, where a <see cref="RelayedPublication"/> stands for it.</summary>
internal sealed class RelayTap : IPublicationTap
{
    /// <summary>
    /// Time between two key frames that are asked for because the other worker was too slow to take all: every viewer pays for them.
    /// </summary>
    private static readonly TimeSpan RecoveryInterval = TimeSpan.FromSeconds(1);

    private readonly RelayLink _link;
    private readonly DropCounters _drops;
    private readonly Encoding[] _encodings;
    private int _toldRanking = -1;

    public RelayTap(int id, Publication publication, RelayLink link, DropCounters drops)
    {
        Id = id;
        Publication = publication;
        _link = link;
        _drops = drops;
        _encodings = new Encoding[publication.Encodings.Count];
        Tell();
        publication.Add(this);
    }

    public int Id { get; }

    public bool CarriesToSubscribers => true;

    public Publication Publication { get; }

    /// <summary>Number of live streams whose viewers there take it.</summary>
    public int Users { get; set; }

    public void OnPacket(PublishedEncoding encoding, in MediaPacket packet, MonotonicTime now)
    {
        if (Publication.RankingVersion != _toldRanking)
            Tell();
        ref Encoding sent = ref _encodings[packet.Stream.Index];
        if (sent.Stream != packet.Stream)
            sent = new Encoding { Stream = packet.Stream, Epoch = sent.Epoch + 1 };
        TellTiming(ref sent, encoding);
        if (encoding.SetsVersion != sent.ToldSets)
            TellSets(ref sent, encoding, packet.Codec);
        if (!_link.TrySend(Id, sent.Epoch, packet, Publication.IsMuted))
        {
            _drops.Count(DropReason.RelayFull);
            sent.HasLost = true;
            return;
        }
        if (!sent.HasLost || now < sent.NextRecovery)
            return;
        sent.HasLost = false;
        sent.NextRecovery = now + RecoveryInterval;
        Publication.RequestKeyFrame(encoding, now);
    }

    /// <summary>Asks for a key frame of an encoding: a viewer there cannot decode, or has just come.</summary>
    public void RequestKeyFrame(int encoding, MonotonicTime now)
    {
        if ((uint)encoding < (uint)_encodings.Length && Publication.Encodings[encoding] is { } wanted)
            Publication.RequestKeyFrame(wanted, now);
    }

    /// <summary>Describes the publication to the other worker.</summary>
    public void Tell()
    {
        _toldRanking = Publication.RankingVersion;
        _link.TellPublication(Id, Publication);
    }

    private void TellTiming(ref Encoding sent, PublishedEncoding encoding)
    {
        (SenderReportInfo?, ClockTranslation?) timing = (encoding.Stream.LastSenderReport, encoding.Clock.Translation);
        if (timing != sent.ToldTiming && _link.TryTellTiming(Id, encoding.Stream.Index, sent.Epoch, timing.Item1, timing.Item2))
            sent.ToldTiming = timing;
    }

    /// <summary>
    /// Viewers may come there after the parameter sets came, or the packet with them was lost on the way. What finds no room is told
    /// with the next packet.
    /// </summary>
    private void TellSets(ref Encoding sent, PublishedEncoding encoding, RtpCodec codec)
    {
        foreach (byte[] sets in encoding.Sets?.Payloads ?? [])
        {
            if (!_link.TryTellSets(Id, encoding.Stream.Index, sent.Epoch, codec.PayloadType, sets))
                return;
        }
        sent.ToldSets = encoding.SetsVersion;
    }

    private struct Encoding
    {
        public RtpReceiveStream? Stream;

        /// <summary>Number of streams that have been this encoding so far: a sender may begin anew.</summary>
        public int Epoch;

        public (SenderReportInfo?, ClockTranslation?) ToldTiming;
        public int ToldSets;

        /// <summary>True when packets did not get through since a key frame was last asked for because of that.</summary>
        public bool HasLost;
        public MonotonicTime NextRecovery;
    }
}
