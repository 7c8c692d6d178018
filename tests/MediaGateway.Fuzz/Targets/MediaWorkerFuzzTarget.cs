using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Fuzzing;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// A worker with a publisher and a viewer in a call, through a life that the input scripts: datagrams from strangers and
/// from the peers' own addresses, media and feedback that the peers have protected, time. Nothing makes the worker
/// throw or end a peer; what is not authentic is not answered, and neither moves a path nor is counted other than once as
/// dropped; and no nonce ever protects two packets.
/// </summary>
public sealed class MediaWorkerFuzzTarget : IFuzzTarget
{
    private const int StepHeader = 3;

    private static readonly NetworkPath Stranger = SimulatedCall.PathOf(66);

    public string Name => "media-worker";

    /// <summary>RTP and RTCP that reached the viewer in all runs: a target that reaches nobody finds nothing.</summary>
    public long Delivered { get; private set; }

    /// <summary>Steps as <see cref="Run"/> reads them: what happens, a length in 16 bits, and so many bytes.</summary>
    public IEnumerable<byte[]> Seeds
    {
        get
        {
            using var call = new ConnectedCall();
            byte[] keyFrame = [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00, 1, 2, 3, 4];
            byte[] delta = [0x90, 0x80, 0x12, 0x01, 0x02, 0x03, 0x04];
            byte[] video = Chosen(0, 0x04, 1, 0, keyFrame), more = Chosen(0, 0x04, 1, 1, delta);
            byte[] check = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
            byte[] record = [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0];
            byte[] extended = [0x90, 96, 0, 9, 0, 0, 0, 1, 0, 0, 0x20, 1, 0xBE, 0xDE, 0, 1, 0x31, 0, 5, 0, .. keyFrame];
            byte[] nack = Feedback(205, 1, call.ViewerVideo, [0, 1, 0, 7]);
            byte[] pli = Feedback(206, 1, call.ViewerVideo, []);
            byte[] fir = Feedback(206, 4, default, [.. Word(call.ViewerVideo.Value), 1, 0, 0, 0]);
            return
            [
                [.. Step(0, check), .. Step(0, record), .. Step(1, record), .. Step(2, check), .. Step(2, nack)],
                [.. video, .. more, .. more, .. Time(40), .. more, .. Step(6, nack), .. Step(6, pli), .. Time(1200), .. more],
                [.. video, .. Chosen(0, 0x04, 5, 1, delta), .. Time(120), .. Chosen(1, 0x14, 1, 0, [0, 2, .. delta]), .. Step(6, fir)],
                [.. Chosen(2, 0x00, 1, 0, [0x78, 1, 2, 3]), .. Step(5, SenderReport(RemoteOffer.Video)), .. video, .. Time(1500)],
                [.. Chosen(3, 0x0C, 1, 0, keyFrame), .. Chosen(0, 0x3C, 1, 0, [0x8F, 0xA0, 0xFD, 0x80]), .. Time(2000)],
                [.. Step(3, extended), .. Step(6, [.. nack, .. pli])],
            ];
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        using var call = new ConnectedCall();
        while (input.Length >= StepHeader)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input[1..]), input.Length - StepHeader);
            ReadOnlySpan<byte> bytes = input.Slice(StepHeader, length);
            switch (input[0] % 8)
            {
                case 0:
                    call.ReceiveUnauthentic(bytes, Stranger);
                    break;
                case 1:
                    call.ReceiveUnauthentic(bytes, call.Publisher.Path);
                    break;
                case 2:
                    call.ReceiveUnauthentic(bytes, call.Viewer.Path);
                    break;
                case 3:
                    call.ReceivePacket(bytes);
                    break;
                case 4:
                    call.ReceiveMedia(bytes);
                    break;
                case 5:
                    call.ReceiveFeedback(call.Publisher, bytes);
                    break;
                case 6:
                    call.ReceiveFeedback(call.Viewer, bytes);
                    break;
                default:
                    call.Advance(bytes);
                    break;
            }
            call.CheckInvariants();
            input = input[(StepHeader + length)..];
        }
        Delivered += call.Delivered;
    }

    private static byte[] Step(byte kind, byte[] bytes) => [kind, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];

    private static byte[] Time(ushort milliseconds) => Step(7, [(byte)(milliseconds >> 8), (byte)milliseconds]);

    /// <summary>A step of media of a source, see <see cref="ConnectedCall.ReceiveMedia"/>.</summary>
    private static byte[] Chosen(byte source, byte flags, byte sequenceStep, byte timeStep, byte[] payload) =>
        Step(4, [(byte)(flags | source), ConnectedCall.PayloadTypeIndex(source), sequenceStep, timeStep, .. payload]);

    private static byte[] Feedback(byte type, byte format, Ssrc media, byte[] content) =>
        [(byte)(0x80 | format), type, 0, (byte)(2 + content.Length / 4), 0, 0, 0, 9, .. Word(media.Value), .. content];

    private static byte[] SenderReport(Ssrc sender) => [0x80, 200, 0, 6, .. Word(sender.Value), .. new byte[20]];

    private static byte[] Word(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
