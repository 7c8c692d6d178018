using System.Globalization;

namespace MediaGateway.Testing.Offers;

/// <summary>One section of an offer of the grammar.</summary>
internal sealed class GrammarSection
{
    private static readonly string[] Extensions =
    [
        "urn:ietf:params:rtp-hdrext:sdes:mid", "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", "urn:3gpp:video-orientation",
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
        "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay", "urn:example:unknown", "urn:ietf:params:rtp-hdrext:encrypt",
    ];

    private readonly Random _random;
    private readonly OfferFormats _formats;
    private readonly string _kind;
    private readonly string? _direction;
    private readonly bool _isBundleOnly;
    private readonly string _port;

    public GrammarSection(Random random, OfferFormats formats, string kind, string? mid, string? direction)
    {
        _random = random;
        _formats = formats;
        _kind = kind;
        _direction = direction;
        Mid = mid;
        bool isRejected = random.Once(7);
        _isBundleOnly = random.Once(12);
        _port = isRejected || _isBundleOnly ? "0" : random.Of("9", "9", "9", "54321", "9/2", "65535");
    }

    public string? Mid { get; }

    public bool IsUsed => _port != "0" || _isBundleOnly;

    private bool IsRtp => _kind is "audio" or "video";

    public List<string> Write(IReadOnlyList<string> transport, List<string> candidates)
    {
        List<string> lines = [];
        if (Mid is not null)
            lines.Add("a=mid:" + Mid);
        if (_isBundleOnly)
            lines.Add("a=bundle-only");
        lines.AddRange(transport);
        List<string> formats = [];
        if (IsRtp)
        {
            (formats, List<string> described) = _formats.Of(_kind);
            AddRtp(lines);
            lines.AddRange(described);
        }
        else if (_kind == "application")
        {
            formats.Add(AddData(lines));
        }
        else
        {
            formats.Add("t38");
        }
        lines.AddRange(candidates);
        if (_random.Once(6))
            _random.Shuffle(lines);
        if (!_random.Once(8))
            lines.Insert(0, _random.Of("c=IN IP4 0.0.0.0", "c=IN IP4 203.0.113.9", "c=IN IP6 ::1"));
        lines.Insert(0, $"m={_kind} {_port} {Protocol(formats)} {string.Join(' ', formats)}");
        return lines;
    }

    private string Protocol(List<string> formats) => _kind switch
    {
        "application" => formats[0] == "webrtc-datachannel" ? _random.Of("UDP/DTLS/SCTP", "UDP/DTLS/SCTP", "TCP/DTLS/SCTP") : "DTLS/SCTP",
        "image" => "udptl",
        _ when _random.Once(20) =>
            _random.Of("RTP/SAVPF", "TCP/DTLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/AVP", "RTP/AVPF", "RTP/X"),
        _ => "UDP/TLS/RTP/SAVPF",
    };

    private string AddData(List<string> lines)
    {
        if (_random.Once(5))
        {
            lines.Add("a=sctpmap:5000 webrtc-datachannel 1024");
            return "5000";
        }
        if (!_random.Once(8))
            lines.Add("a=sctp-port:" + _random.Of("5000", "5000", "0", "65535", "70000"));
        if (!_random.Once(3))
            lines.Add("a=max-message-size:" + _random.Of("262144", "0", "4294967295", "99999999999999999999", "1"));
        return "webrtc-datachannel";
    }

    private void AddRtp(List<string> lines)
    {
        if (_direction is not null)
            lines.Add("a=" + (_random.Once(8) ? _random.Of("sendrecv", "sendonly", "recvonly", "inactive") : _direction));
        if (_random.Once(40))
            lines.Add("a=recvonly");
        if (!_random.Once(30))
            lines.Add("a=rtcp-mux");
        if (_random.Once(2))
            lines.Add("a=rtcp-rsize");
        if (_random.Once(5))
            lines.Add("a=extmap-allow-mixed");
        AddExtensions(lines);
        if (_random.Once(2))
            AddSources(lines);
        if (_random.Once(2))
            lines.Add("a=msid:" + _random.Of("stream track", "- track", "stream", "{6a7c} {9d2f}"));
        if (_kind == "video" && _random.Once(4))
            AddSimulcast(lines);
    }

    private void AddExtensions(List<string> lines)
    {
        // Offers mostly count alike in all sections; now and then one counts anew.
        int shift = _random.Once(10) ? _random.Of(1, 3, 13, 200, 4095) : 0;
        for (int i = 0; i < Extensions.Length; i++)
        {
            if (_random.Once(3))
                continue;
            int id = i + 1 + shift;
            string suffix = _random.Once(8) ? "/" + _random.Of("sendrecv", "sendonly", "recvonly", "inactive") : "";
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"a=extmap:{id}{suffix} {Extensions[i]}{_random.Of("", "", " more")}"));
        }
        if (_random.Once(20))
            lines.Add("a=extmap:1 urn:3gpp:video-orientation");
    }

    private void AddSources(List<string> lines)
    {
        uint first = _random.Once(15) ? 7 : (uint)_random.NextInt64(uint.MaxValue), second = unchecked(first + 1);
        lines.Add($"a=ssrc:{first} cname:c");
        if (_random.Once(2))
            lines.Add($"a=ssrc:{first} msid:stream track");
        if (!_random.Once(2))
            return;
        lines.Add($"a=ssrc-group:{_random.Of("FID", "FID", "SIM", "FEC-FR")} {first} {second}");
        if (!_random.Once(4))
            lines.Add($"a=ssrc:{second} cname:c");
    }

    private void AddSimulcast(List<string> lines)
    {
        string[] rids = _random.Of("h m l", "1 2 3 4 5 6", "r0", "hi-res lo_res").Split(' ');
        foreach (string rid in rids)
        {
            string restrictions = _random.Of("", "", "", " pt=96", " max-width=1280;max-fps=30", " pt=97,98;max-br=1");
            if (!_random.Once(20))
                lines.Add($"a=rid:{rid} {(_random.Once(20) ? "recv" : "send")}{restrictions}");
        }
        string list = string.Join(_random.Once(8) ? ',' : ';', rids.Select(rid => _random.Once(10) ? "~" + rid : rid));
        lines.Add("a=simulcast:" + _random.Of("send ", "send ", "send ", "recv ") + list + (_random.Once(12) ? " recv x" : ""));
    }
}
