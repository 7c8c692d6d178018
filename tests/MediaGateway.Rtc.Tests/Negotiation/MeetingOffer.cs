using System.Globalization;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>
/// The offers of a browser over the life of a meeting: the sections of a real Chromium's, under other names and directions.
/// A section that sends declares its sources (audio) or its simulcast (video).
/// </summary>
internal sealed class MeetingOffer
{
    public const string Data = "application";

    private static readonly Dictionary<string, string[]> Real = SdpFixtures.Text("chromium-offer-vp8sim-gathered")
        .Split("\r\nm=")
        .Skip(1)
        .Select(section => $"m={section}".TrimEnd().Split("\r\n"))
        .ToDictionary(lines => lines[0]["m=".Length..lines[0].IndexOf(' ', StringComparison.Ordinal)]);

    private readonly List<(string Kind, string Mid, string Direction)> _sections = [];

    public string UsernameFragment { get; set; } = "bngC";

    public string Password { get; set; } = "baO/wyfFC9O93iWVhj0senmR";

    public string Setup { get; set; } = "actpass";

    public static Ssrc SourceOf(string mid) => new(70_000u + uint.Parse(mid, CultureInfo.InvariantCulture));

    /// <summary>The first offer of livekit-client: sections for three audio and three video tracks, and data channels.</summary>
    public static MeetingOffer SinglePeerConnection() => new MeetingOffer()
        .Add("audio", "0", "recvonly").Add("audio", "1", "recvonly").Add("audio", "2", "recvonly")
        .Add("video", "3", "recvonly").Add("video", "4", "recvonly").Add("video", "5", "recvonly")
        .Add(Data, "6", "");

    public MeetingOffer Add(string kind, string mid, string direction)
    {
        _sections.Add((kind, mid, direction));
        return this;
    }

    public MeetingOffer Turn(string mid, string direction)
    {
        int index = _sections.FindIndex(section => section.Mid == mid);
        _sections[index] = (_sections[index].Kind, mid, direction);
        return this;
    }

    public SessionDescription Build()
    {
        string group = string.Join(' ', _sections.Select(section => section.Mid));
        string session =
            $"v=0\r\no=- 2977141771486575838 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {group}\r\na=extmap-allow-mixed\r\n";
        return SdpFixtures.Parse(session + string.Concat(
            _sections.SelectMany(section => Lines(section.Kind, section.Mid, section.Direction)).Select(line => line + "\r\n")));
    }

    private IEnumerable<string> Lines(string kind, string mid, string direction)
    {
        foreach (string line in Real[kind])
        {
            if (line == "a=sendonly" || IsOfItsStream(line))
                continue;
            yield return line.Split(':')[0] switch
            {
                "a=mid" => $"a=mid:{mid}",
                "a=ice-ufrag" => $"a=ice-ufrag:{UsernameFragment}",
                "a=ice-pwd" => $"a=ice-pwd:{Password}",
                "a=setup" => $"a=setup:{Setup}",
                _ => line,
            };
        }
        if (direction.Length > 0)
            yield return $"a={direction}";
        if (direction is not "sendonly" and not "sendrecv")
            yield break;
        yield return $"a=msid:stream track{mid}";
        string[] sources = kind == "audio" ? [$"a=ssrc:{SourceOf(mid)} cname:c"]
            : ["a=rid:q send", "a=rid:h send", "a=rid:f send", "a=simulcast:send q;h;f"];
        foreach (string line in sources)
            yield return line;
    }

    private static bool IsOfItsStream(string line) =>
        line.StartsWith("a=msid:", StringComparison.Ordinal) || line.StartsWith("a=ssrc", StringComparison.Ordinal)
        || line.StartsWith("a=rid:", StringComparison.Ordinal) || line.StartsWith("a=simulcast", StringComparison.Ordinal);
}
