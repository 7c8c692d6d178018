using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// A message between the worker that a live stream lives on (its home) and another one that has viewers of it (an audience, which
/// that worker numbers). docs/relay.md has the layouts.
/// </summary>
internal abstract record LiveStreamMessage
{
    /// <summary>Topic of all messages about live streams.</summary>
    public static readonly RelayTopic Topic = new(1);

    private const int ShortMessage = 64;

    private LiveStreamMessage()
    {
    }

    /// <summary>Sends the message: it arrives, in order with all that the link carries.</summary>
    public void SendOn(RelayLink link)
    {
        var writer = new RelayRecordWriter(new byte[MaxLength]);
        Write(ref writer);
        link.Send(Topic, writer.Written);
    }

    /// <summary>False when it is no message that <see cref="SendOn"/> writes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LiveStreamMessage? message)
    {
        var reader = new RelayRecordReader(bytes);
        message = (LiveStreamMessageKind)reader.ReadByte() switch
        {
            LiveStreamMessageKind.Program => Program.Read(ref reader),
            LiveStreamMessageKind.Ended => Ended.Read(ref reader),
            LiveStreamMessageKind.Audience => Audience.Read(ref reader),
            LiveStreamMessageKind.Audiences => Audiences.Read(ref reader),
            _ => null,
        };
        if (!reader.IsValid)
            message = null;
        return message is not null;
    }

    private protected virtual int MaxLength => ShortMessage;

    private protected abstract void Write(ref RelayRecordWriter writer);

    /// <summary>Message from home: the program that an audience is to see and hear.</summary>
    /// <param name="AudienceId">Number of the audience.</param>
    /// <param name="Change">How its viewers come to it.</param>
    /// <param name="Video">Numbers of the publications that are seen.</param>
    /// <param name="Audio">Numbers of the publications that are heard.</param>
    public sealed record Program(int AudienceId, ProgramChange Change, ImmutableArray<int> Video, ImmutableArray<int> Audio)
        : LiveStreamMessage
    {
        private protected override int MaxLength => ShortMessage + ((Video.Length + Audio.Length) * sizeof(int));

        private protected override void Write(ref RelayRecordWriter writer)
        {
            writer.WriteByte((byte)LiveStreamMessageKind.Program);
            writer.WriteInt32(AudienceId);
            writer.WriteByte((byte)Change);
            WriteAll(ref writer, Video);
            WriteAll(ref writer, Audio);
        }

        internal static Program Read(ref RelayRecordReader reader) =>
            new(reader.ReadInt32(), (ProgramChange)reader.ReadByte(), ReadAll(ref reader), ReadAll(ref reader));

        private static void WriteAll(ref RelayRecordWriter writer, ImmutableArray<int> publications)
        {
            writer.WriteByte((byte)publications.Length);
            foreach (int publication in publications)
                writer.WriteInt32(publication);
        }

        private static ImmutableArray<int> ReadAll(ref RelayRecordReader reader)
        {
            var publications = ImmutableArray.CreateBuilder<int>();
            for (int left = reader.ReadByte(); left > 0 && reader.IsValid; left--)
                publications.Add(reader.ReadInt32());
            return publications.ToImmutable();
        }
    }

    /// <summary>Message from home: the stream has ended, and its viewers are to be sent away.</summary>
    /// <param name="AudienceId">Number of the audience.</param>
    /// <param name="Reason">What the viewers are told.</param>
    public sealed record Ended(int AudienceId, PeerCloseReason Reason) : LiveStreamMessage
    {
        private protected override void Write(ref RelayRecordWriter writer)
        {
            writer.WriteByte((byte)LiveStreamMessageKind.Ended);
            writer.WriteInt32(AudienceId);
            writer.WriteByte((byte)Reason);
        }

        internal static Ended? Read(ref RelayRecordReader reader)
        {
            var message = new Ended(reader.ReadInt32(), (PeerCloseReason)reader.ReadByte());
            return Enum.IsDefined(message.Reason) ? message : null;
        }
    }

    /// <summary>Message to home: the number of viewers that a stream has on the reporting worker.</summary>
    /// <param name="AudienceId">Number of the audience.</param>
    /// <param name="Viewers">How many they are; 0 ends the audience.</param>
    /// <param name="Stream">Name of the stream.</param>
    public sealed record Audience(int AudienceId, int Viewers, string Stream) : LiveStreamMessage
    {
        private protected override int MaxLength => ShortMessage + Encoding.UTF8.GetByteCount(Stream);

        private protected override void Write(ref RelayRecordWriter writer)
        {
            writer.WriteByte((byte)LiveStreamMessageKind.Audience);
            writer.WriteInt32(AudienceId);
            writer.WriteInt32(Viewers);
            writer.WriteText(Stream);
        }

        internal static Audience? Read(ref RelayRecordReader reader)
        {
            var message = new Audience(reader.ReadInt32(), reader.ReadInt32(), reader.ReadText());
            return message.Viewers >= 0 ? message : null;
        }
    }

    /// <summary>Message to home, after others were lost: the audiences of the reporting worker, all of them. Others have ended.</summary>
    /// <param name="AudienceIds">Their numbers.</param>
    public sealed record Audiences(ImmutableArray<int> AudienceIds) : LiveStreamMessage
    {
        private protected override int MaxLength => ShortMessage + (AudienceIds.Length * sizeof(int));

        private protected override void Write(ref RelayRecordWriter writer)
        {
            writer.WriteByte((byte)LiveStreamMessageKind.Audiences);
            foreach (int audience in AudienceIds)
                writer.WriteInt32(audience);
        }

        internal static Audiences Read(ref RelayRecordReader reader)
        {
            var audiences = ImmutableArray.CreateBuilder<int>();
            while (reader.IsValid && !reader.Rest.IsEmpty)
                audiences.Add(reader.ReadInt32());
            return new Audiences(audiences.ToImmutable());
        }
    }
}
