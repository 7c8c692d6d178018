using System.Buffers.Binary;
using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Relay;
using MediaGateway.Testing.Fuzzing;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// Whatever records come from another worker, each behind 16 bits of length: none of them meets a bug, and packets of what was
/// described are forwarded afterwards as before.
/// </summary>
public sealed class RelayFuzzTarget : IFuzzTarget
{
    private const int Id = 7;

    public string Name => "relay";

    public IEnumerable<byte[]> Seeds =>
    [
        Join(Description(), Packet(1, 1), Packet(2, 1), Program(1)),
        Join(Description(), Timing(), Sets(), Packet(70_000, 2), KeyFrame(), Ended(), Packet(3, 2)),
        Join(Audience(), Program(0), Description(), Program(1), Program(3), StreamEnded()),
        Join(Audience(), Description(), Packet(1, 1), Audiences(), Publications(), Packet(2, 1)),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var handler = new Handler();
        MonotonicTime now = MonotonicTime.FromMilliseconds(1_000);
        var context = new MediaContext(new TimerWheel(now), new FanoutQueue(new PrefetchLog(new SentDatagrams())), new DropCounters(),
            new NtpClock(default));
        var wakeup = new SentDatagrams();
        var statistics = new RelayStatistics();
        var link = new RelayLink(RelayPort.Connect(wakeup, wakeup, 1 << 16).One, context, statistics, handler);
        while (input.Length > sizeof(ushort))
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input), input.Length - sizeof(ushort));
            link.Take(input.Slice(sizeof(ushort), length), now);
            input = input[(sizeof(ushort) + length)..];
            now += TimeSpan.FromMilliseconds(1);
            context.Timers.Advance(now);
        }
        Property.Holds(handler.Faults.Count == 0, $"no bug is met: {handler.Faults.FirstOrDefault()}");
        link.Take(Ended(), now);
        link.Take(Description(), now);
        link.Take(Program(0), now);
        Property.Holds(handler.Video is [{ SubscriptionCount: 0 }], "what is described is there");
        link.Take(Packet(5, 9), now);
        Property.Holds(handler.Video[0].Encodings[0]?.Stream.Rid is null && handler.Video[0].Best is not null, "its packets are forwarded");
    }

    private static byte[] Description()
    {
        var receiver = new RtpReceiver(
            new Mid("0"),
            new MediaFormat(
                MediaKind.Video,
                [new RtpCodec(CodecKind.Vp8, new PayloadType(96), 90_000, 1, "x=1", null, RtcpFeedbackKinds.Nack)],
                new HeaderExtensionMap([new(HeaderExtensionKind.Mid, 4)])),
            encodings: []);
        var writer = new RelayRecordWriter(new byte[1024], RelayRecordKind.Publication);
        PublicationRecord.Write(ref writer, Id, new Publication(new Origin(), receiver));
        return writer.Written.ToArray();
    }

    private static byte[] Packet(long sequence, int epoch)
    {
        var writer = new RelayRecordWriter(new byte[64], RelayRecordKind.Packet);
        for (int i = 0; i < 3; i++)
            writer.WriteByte(0);
        writer.WriteInt32(Id);
        writer.WriteInt32(epoch);
        writer.WriteInt64(sequence);
        foreach (byte value in (byte[])[0x80, 0xE0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 3, 0x10, 0, 0, 0])
            writer.WriteByte(value);
        return writer.Written.ToArray();
    }

    private static byte[] Timing()
    {
        var writer = new RelayRecordWriter(new byte[128], RelayRecordKind.Timing);
        writer.WriteByte(0);
        writer.WriteByte(1);
        writer.WriteByte(1);
        writer.WriteInt32(Id);
        writer.WriteInt32(1);
        for (int i = 0; i < 5; i++)
            writer.WriteInt64(i);
        return writer.Written.ToArray();
    }

    private static byte[] Sets() => [(byte)RelayRecordKind.ParameterSets, 0, 96, 0, Id, 0, 0, 0, 1, 0, 0, 0, 0x67, 0x42, 0xE0, 0x1F, 0x8C];

    private static byte[] Program(byte change) =>
        [.. Message(), (byte)LiveStreamMessageKind.Program, 1, 0, 0, 0, change, 1, Id, 0, 0, 0, 0];

    private static byte[] KeyFrame() => [(byte)RelayRecordKind.KeyFrame, 0, Id, 0, 0, 0];

    private static byte[] Ended() => [(byte)RelayRecordKind.PublicationEnded, Id, 0, 0, 0];

    private static byte[] StreamEnded() => [.. Message(), (byte)LiveStreamMessageKind.Ended, 1, 0, 0, 0, 10];

    private static byte[] Publications() => [(byte)RelayRecordKind.Publications, Id + 1, 0, 0, 0, 9, 0, 0, 0];

    private static byte[] Audiences() => [.. Message(), (byte)LiveStreamMessageKind.Audiences, 1, 0, 0, 0, 2, 0, 0, 0];

    private static byte[] Audience() =>
        [.. Message(), (byte)LiveStreamMessageKind.Audience, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, (byte)'t', (byte)'v'];

    private static byte[] Message() => [(byte)RelayRecordKind.Message, LiveStreamMessage.Topic.Number];

    private static byte[] Join(params byte[][] records) =>
        [.. records.SelectMany(record => (byte[])[(byte)(record.Length >> 8), (byte)record.Length, .. record])];

    private sealed class Handler : IRelayHandler
    {
        public List<Exception> Faults { get; } = [];

        public ImmutableArray<Publication> Video { get; private set; } = [];

        public bool OnMessage(RelayLink link, RelayTopic topic, ReadOnlySpan<byte> message, MonotonicTime now)
        {
            if (topic != LiveStreamMessage.Topic || !LiveStreamMessage.TryRead(message, out LiveStreamMessage? told))
                return false;
            if (told is LiveStreamMessage.Program program)
                Show(link, program, now);
            Property.Holds(told is not LiveStreamMessage.Audience { Viewers: < 0 }, "nobody watches, or somebody does");
            Property.Holds(told is not LiveStreamMessage.Ended ended || Enum.IsDefined(ended.Reason), "there is a reason");
            return true;
        }

        public void OnMessagesLost(RelayLink link) => throw new InvalidOperationException("Nothing is sent on this link.");

        public void OnRelayFault(Exception fault) => Faults.Add(fault);

        private void Show(RelayLink link, LiveStreamMessage.Program program, MonotonicTime now)
        {
            Video = [.. program.Video.Select(link.FindPublication).OfType<Publication>()];
            foreach (Publication publication in Video)
                publication.RequestKeyFrame(now);
        }
    }

    private sealed class Origin : IMediaOrigin
    {
        public RemoteClock Clock { get; } = new();

        public bool IsClosed => false;

        public void RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now)
        {
        }

        public void OnFault(Exception fault, MonotonicTime now)
        {
        }
    }
}
