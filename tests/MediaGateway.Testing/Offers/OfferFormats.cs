using System.Globalization;

namespace MediaGateway.Testing.Offers;

/// <summary>
/// Codecs of an offer's sections with their payload types: mostly one number for one codec in the whole offer, at times each section
/// counts for itself, so that numbers clash.
/// </summary>
internal sealed class OfferFormats(Random random)
{
    private static readonly string[] Audio =
    [
        "opus/48000/2", "opus/48000/2", "OPUS/48000/2|minptime=10;useinbandfec=1", "opus/48000", "opus/44100/2", "opus/48000/1",
        "multiopus/48000/6|channel_mapping=0,4,1,2,3,5;num_streams=4;coupled_streams=2",
        "PCMU/8000", "PCMA/8000", "G722/8000", "ISAC/16000",
        "CN/8000", "telephone-event/8000", "telephone-event/48000|0-15", "L16/44100/2", "VP8/90000",
    ];

    private static readonly string[] Video =
    [
        "VP8/90000", "VP8/90000", "vp8/90000|max-fr=30;max-fs=3600", "VP8/48000", "VP9/90000|profile-id=0", "VP9/90000|profile-id=2",
        "VP9/90000", "VP9/90000|profile-id=x",
        "H264/90000|level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
        "H264/90000|packetization-mode=1;profile-level-id=42001f", "H264/90000|packetization-mode=0;profile-level-id=640032",
        "H264/90000|packetization-mode=1; profile-level-id=640032; sprop-parameter-sets=Z2QAHqy0BQF/8A==,aO48gA==", "H264/90000",
        "H264/90000|packetization-mode=1;profile-level-id=zz", "H265/90000|level-id=93;profile-id=1;tier-flag=0;tx-mode=SRST",
        "AV1/90000|level-idx=5;profile=0;tier=0", "AV1/90000", "MPV/90000", "ulpfec/90000", "red/90000",
        "flexfec-03/90000|repair-window=10000000", "opus/48000/2", "VP8/90000/1", "VP8/90000/2",
    ];

    private static readonly string[] Feedback =
        ["nack", "nack pli", "ccm fir", "transport-cc", "goog-remb", "nack rpsi", "ccm tmmbr", "ack", "trr-int 100", "nack  pli"];

    private readonly Dictionary<string, int> _numbers = [];
    private readonly bool _clashes = random.Once(10);
    private int _next = 96;

    /// <summary>A section's formats, in their order, and the lines that describe them.</summary>
    public (List<string> Formats, List<string> Lines) Of(string kind)
    {
        List<string> formats = [], lines = [];
        if (_clashes)
            _next = 96;
        int count = random.Of(1, 1, 2, 3, 5);
        for (int i = 0; i < count; i++)
        {
            string[] codecs = kind == "audio" ? Audio : Video;
            Add(random.Once(3) ? codecs[0] : random.Of<string>(codecs), formats, lines);
        }
        if (kind == "audio" && random.Once(4) && formats.Count > 0)
            Add($"red/48000/2|{formats[0]}/{formats[0]}", formats, lines);
        if (kind == "audio" && random.Once(6))
            formats.Add(random.Of("0", "8", "13"));
        if (random.Once(8))
            random.Shuffle(formats);
        if (random.Once(8))
            random.Shuffle(lines);
        if (random.Once(10))
            lines.Add("a=rtcp-fb:* " + random.Of<string>(Feedback));
        return (formats.Distinct().ToList(), lines);
    }

    private void Add(string codec, List<string> formats, List<string> lines)
    {
        int number = NumberOf(codec);
        string format = number.ToString(CultureInfo.InvariantCulture);
        if (formats.Contains(format))
            return;
        formats.Add(format);
        string[] parts = codec.Split('|');
        if (!random.Once(40))
            lines.Add($"a=rtpmap:{format} {parts[0]}");
        foreach (string feedback in random.Some(Feedback))
            lines.Add($"a=rtcp-fb:{format} {feedback}");
        if (parts.Length > 1)
            lines.Add($"a=fmtp:{format} {parts[1]}");
        if (random.Once(8))
            lines.Add($"a=fmtp:{format} {random.Of("x-google-start-bitrate=800", "x-google-max-bitrate=2500;max-fr=60", "")}");
        if (random.Once(40))
            lines.Add($"a=rtpmap:{format} {random.Of("opus/48000/2", "VP8/90000", "other/90000")}");
        if (!parts[0].Contains("90000", StringComparison.Ordinal) || !random.Once(2))
            return;
        string retransmission = NumberOf("rtx" + codec).ToString(CultureInfo.InvariantCulture);
        if (formats.Contains(retransmission))
            return;
        formats.Add(retransmission);
        lines.Add($"a=rtpmap:{retransmission} rtx/90000");
        lines.Add($"a=fmtp:{retransmission} apt={(random.Once(20) ? "7" : format)}{random.Of("", "", ";rtx-time=3000")}");
    }

    private int NumberOf(string codec)
    {
        if (!_clashes && _numbers.TryGetValue(codec, out int known))
            return known;
        int number = _next;
        _next = number == 127 ? 35 : number + 1;
        _numbers[codec] = number;
        return number;
    }
}
