namespace MediaGateway.Testing.Offers;

/// <summary>An offer of a grammar: the session's lines, then sections of any kind in any order.</summary>
internal sealed class OfferGrammar(Random random)
{
    private static readonly string[] MidSets = ["0 1 2 3 4 5 6 7", "a v a2 v2 d x y z", "audio video {1} sdparta_3 4+4 m-5 6_6 mid"];

    private readonly List<string> _session = [];
    private readonly List<GrammarSection> _sections = [];

    public List<string> Create()
    {
        AddSections();
        _session.Add("v=0");
        _session.Add(random.Of("o=- 4611731400430051336 2 IN IP4 127.0.0.1", "o=x 1 99999999999999999999 IN IP6 ::1",
            "o=mozilla...THIS_IS_SDPARTA-99.0 1 0 IN IP4 0.0.0.0"));
        _session.Add(random.Of("s=-", "s= ", "s=a name"));
        if (!random.Once(8))
            _session.Add("t=0 0");
        AddGroup();
        bool atSession = random.Once(5);
        bool inFirstAlone = random.Once(6);
        OfferTransport transport = new(random);
        if (atSession)
            _session.AddRange(transport.Lines);
        if (random.Once(6))
            _session.Add("a=" + random.Of("sendrecv", "sendonly", "recvonly"));
        if (random.Once(3))
            _session.Add("a=extmap-allow-mixed");
        if (random.Once(40))
            _session.Add("a=ice-lite");
        OfferTransport[] transports = random.Once(5) ? [.. _sections.Select(_ => new OfferTransport(random))] : [transport];
        List<string> lines = [.. _session];
        for (int i = 0; i < _sections.Count; i++)
        {
            OfferTransport own = transports[i % transports.Length];
            bool hasOwn = !atSession && (i == 0 || !inFirstAlone);
            lines.AddRange(_sections[i].Write(hasOwn ? own.Lines : [], OfferTransport.Candidates(random)));
        }
        return lines;
    }

    private void AddSections()
    {
        string[] mids = random.Of<string>(MidSets).Split(' ');
        // Publishers and viewers are of one mind in most of their sections.
        string direction = random.Of("sendrecv", "sendonly", "recvonly", "sendonly", "recvonly", "inactive");
        var formats = new OfferFormats(random);
        int count = random.Of(1, 1, 2, 2, 2, 3, 3, 4, 5, 7);
        bool hasNames = !random.Once(8);
        for (int i = 0; i < count; i++)
        {
            string kind = random.Of("audio", "video", "audio", "video", "audio", "video", "video", "application", "text", "image");
            string? mid = hasNames && !random.Once(30) ? mids[random.Once(60) ? 0 : i] : null;
            _sections.Add(new GrammarSection(random, formats, kind, mid, random.Once(8) ? null : direction));
        }
    }

    private void AddGroup()
    {
        List<string> mids = [.. _sections.Select(section => section.Mid).OfType<string>()];
        int used = _sections.Count(section => section.IsUsed);
        if (mids.Count == 0 || random.Once(used <= 1 ? 2 : 20))
            return;
        if (random.Once(8))
            random.Shuffle(mids);
        if (random.Once(12))
            mids = [.. random.Some(mids)];
        if (random.Once(40))
            mids.Add(random.Of("missing", mids.Count > 0 ? mids[0] : "none"));
        if (random.Once(20))
            _session.Add("a=group:LS " + string.Join(' ', mids));
        _session.Add(("a=group:BUNDLE " + string.Join(' ', mids)).TrimEnd());
        if (random.Once(30))
            _session.Add("a=group:BUNDLE " + _sections[^1].Mid);
    }
}
