using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// A track that a participant of the room announced. Others learn of it once it is negotiated too: announcement and negotiation
/// come in either order.
/// </summary>
internal sealed class ParticipantTrack : TrackPublication
{
    private readonly Participant _participant;

    public ParticipantTrack(Participant publisher, string cid, TrackInfo info)
        : base(publisher, info)
    {
        _participant = publisher;
        Cid = cid;
    }

    /// <summary>The client's id of the media track.</summary>
    public string Cid { get; }

    /// <summary>The publisher's media section; null before negotiation.</summary>
    public Mid? Mid { get; private set; }

    /// <summary>The track's id in the description of its section; empty when that gives none.</summary>
    public string SectionTrackId { get; set; } = "";

    /// <summary>Takes over what the participant says about the track, first or anew.</summary>
    public void Describe(TrackRequest request)
    {
        Info = Info with
        {
            Name = request.Name,
            Source = request.Source,
            Muted = request.Muted,
            Width = request.Width,
            Height = request.Height,
            Layers = request.Layers,
            MimeType = IsPublished ? Info.MimeType : request.Codecs.FirstOrDefault()?.MimeType ?? MimeTypes.UsualOf(request.Kind),
            Codecs = IsPublished ? Info.Codecs : [.. request.Codecs.Take(1)],
            Stereo = request.Stereo,
            DisableDtx = request.DisableDtx,
            DisableRed = request.DisableRed,
            Encryption = request.Encryption,
            Stream = request.Stream,
            AudioFeatures = request.AudioFeatures,
            BackupCodecPolicy = request.BackupCodecPolicy,
            Version = Info.Version + 1,
        };
        Layers = new TrackLayers(request.Layers);
        Publication?.SetEncodingOrder(Layers.EncodingOrder);
        Publication?.SetMuted(request.Muted);
        Level?.SetMuted(request.Muted);
    }

    /// <summary>Binds the track to the section that carries it; true when it was bound to another before.</summary>
    public bool Bind(ParticipantPeer peer, RtpReceiver receiver, MonotonicTime now)
    {
        if (Publication?.Receiver == receiver)
            return false;
        bool wasPublished = IsPublished;
        Publication?.End();
        Mid = receiver.Mid;
        var publication = new Publication(peer, receiver);
        publication.SetEncodingOrder(Layers.EncodingOrder);
        publication.SetMuted(Info.Muted);
        string mimeType = MimeTypes.Of(receiver.Codecs[0].Kind);
        Info = Info with
        {
            Mid = receiver.Mid.Value,
            MimeType = mimeType,
            Simulcast = receiver.Encodings.Count > 1,
            Codecs = [Info.Codecs.FirstOrDefault(codec => codec.MimeType == mimeType) ?? new TrackCodec(mimeType, Cid, Info.Layers)],
            Version = Info.Version + 1,
        };
        SetPublication(publication, now);
        return wasPublished;
    }

    public void SetMuted(bool muted)
    {
        Info = Info with { Muted = muted, Version = Info.Version + 1 };
        Publication?.SetMuted(muted);
        Level?.SetMuted(muted);
    }

    internal override void End(MonotonicTime now)
    {
        Publication?.End();
        base.End(now);
    }

    private protected override void TellPublisher(RoomNotification notification) => _participant.Notify(notification);
}
