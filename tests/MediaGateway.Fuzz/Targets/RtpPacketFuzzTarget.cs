using MediaGateway.Rtc.Rtp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>A packet that parses can be written again with the same header values, extensions and payload.</summary>
public sealed class RtpPacketFuzzTarget : IFuzzTarget
{
    public string Name => "rtp-packet";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("80EF123401020304CAFEBABEAABBCC"),
        Convert.FromHexString("9260000100000002000000031111111122222222BEDE000110AA0000EE"),
        Convert.FromHexString("B06000010000000200000003100000030101AA000200FF02BBBB0000EE0002"),
        Convert.FromHexString("A0600001000000020000000300000000000006"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!RtpPacketView.TryParse(input, out RtpPacketView view))
            return;
        Property.Holds(view.PayloadOffset + view.Payload.Length + view.PaddingLength == input.Length, "the parts make up the packet");
        byte[] slot = new byte[2 * input.Length + 64];
        RtpPacketWriter writer = new(slot);
        writer.WriteHeader(view.Marker, view.PayloadType, view.SequenceNumber, view.Timestamp, view.Ssrc);
        foreach (RtpExtension extension in view.GetExtensions())
        {
            Property.Holds(extension.Id != 0, "identifier 0 is padding");
            Property.Holds(view.TryGetExtension(extension.Id, out _), "an element that is there is found");
            Property.Holds(writer.WriteExtension(extension.Id, extension.Value), "an element that was read can be written");
        }
        int headerLength = writer.FinishHeader();
        view.Payload.CopyTo(slot.AsSpan(headerLength));
        Property.Holds(
            RtpPacketView.TryParse(slot.AsSpan(0, headerLength + view.Payload.Length), out RtpPacketView again),
            "what was written parses");
        AssertSame(view, again);
    }

    private static void AssertSame(RtpPacketView view, RtpPacketView again)
    {
        Property.Holds(
            (view.Marker, view.PayloadType, view.SequenceNumber, view.Timestamp, view.Ssrc)
                == (again.Marker, again.PayloadType, again.SequenceNumber, again.Timestamp, again.Ssrc),
            "header values survive");
        Property.Holds(view.Payload.SequenceEqual(again.Payload), "the payload survives");
        RtpExtensionEnumerator copies = again.GetExtensions();
        foreach (RtpExtension extension in view.GetExtensions())
        {
            Property.Holds(
                copies.MoveNext() && copies.Current.Id == extension.Id && copies.Current.Value.SequenceEqual(extension.Value),
                "extensions survive in order");
        }
        Property.Holds(!copies.MoveNext(), "no extension is added");
    }
}
