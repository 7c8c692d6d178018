using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>Reads lines into sections, checking limits and grammar as it goes, so that an error names its line.</summary>
internal struct SdpParser(string text, SdpLimits limits)
{
    private static readonly SdpLine Version = new("v=0");

    private readonly string _text = text;
    private readonly SdpLimits _limits = limits;
    private SdpLineReader _reader = new(text, limits);
    private readonly SdpLine[] _lines = new SdpLine[Math.Min(text.AsSpan().Count('\n'), limits.MaxLines - 1) + 1];
    private readonly ImmutableArray<MediaDescription>.Builder _media = ImmutableArray.CreateBuilder<MediaDescription>(2);
    private HashSet<Ssrc>? _sources;
    private int _count;
    private int _sectionStart;
    private int? _sessionCount;
    private bool _isInRtpMedia;
    private int _attributes;
    private int _candidates;

    /// <summary>True while every line that was read is kept.</summary>
    private bool _isComplete = true;

    public bool TryParseSession(out SessionDescription? description, out SdpError? error)
    {
        description = null;
        bool valid = TryReadSections(isFragment: false) && TryCheckSession();
        error = _reader.Error;
        if (valid)
            description = new SessionDescription(_lines, _sessionCount.GetValueOrDefault(), _media.DrainToImmutable(), _reader.LineEnd,
                _reader.IsUniform && _isComplete ? _text : null);
        return valid;
    }

    public bool TryParseFragment(out SdpFragment? fragment, out SdpError? error)
    {
        fragment = null;
        bool valid = TryReadSections(isFragment: true);
        error = _reader.Error;
        if (valid)
            fragment = new SdpFragment(_lines, _sessionCount.GetValueOrDefault(), _media.DrainToImmutable(), _reader.LineEnd);
        return valid;
    }

    private bool TryReadSections(bool isFragment)
    {
        while (_reader.TryRead(out SdpLine line))
        {
            if (line.Type == 'm' && !TryBeginMedia(line))
                return false;
            // RFC 8840 section 9: a fragment has attributes, below m= lines or before them, and nothing else.
            if (isFragment && line.Type is not 'a' and not 'm')
                return _reader.Fail(SdpErrorCode.UnexpectedLine, "A trickle-ice-sdpfrag has only a= and m= lines (RFC 8840 section 9).");
            if (line.IsAttribute("candidate") && !Keeps(line))
                continue;
            if (line.Type == 'a' && !TryCheckAttribute(line))
                return false;
            _lines[_count++] = line;
        }
        if (_reader.Error is not null)
            return false;
        EndSection();
        return true;
    }

    private bool TryCheckSession()
    {
        ReadOnlySpan<SdpLine> lines = _lines.AsSpan(0, _sessionCount.GetValueOrDefault());
        if (lines.Length >= 3 && lines[0] == Version && lines[1].Type == 'o' && lines[2].Type == 's' && SdpOrigin.IsValid(lines[1].Value))
            return true;
        return _reader.FailWhole(SdpErrorCode.InvalidSession, "A description begins with v=0, an o= line of six words and an s= line.");
    }

    private bool TryBeginMedia(SdpLine line)
    {
        EndSection();
        if (_media.Count >= _limits.MaxMedia)
            return _reader.Fail(SdpErrorCode.TooManyMedia, $"There are more than {_limits.MaxMedia} media sections.");
        if (!MediaLine.TryParse(line.Value, out MediaLine media))
            return _reader.Fail(SdpErrorCode.InvalidMedia,
                "An m= line is a kind, a port, a protocol and distinct formats (payload types of 0 to 127), with one space between two.");
        _isInRtpMedia = media.IsRtp;
        return true;
    }

    private void EndSection()
    {
        if (_sessionCount is null)
            _sessionCount = _count;
        else if (MediaDescription.TryCreate(_lines, _sectionStart, _count - _sectionStart, out MediaDescription? media))
            _media.Add(media!);
        _sectionStart = _count;
        _sources?.Clear();
        _attributes = 0;
        _candidates = 0;
    }

    /// <summary>
    /// Tells whether a candidate is kept. Those beyond the limit and those that cannot be used are left out, and nothing is refused for
    /// them: a gateway that answers on the path of the checks can do without.
    /// </summary>
    private bool Keeps(SdpLine candidate)
    {
        bool keeps = SdpSyntax.IsUsableCandidate(candidate.AttributeValue) && _candidates < _limits.MaxCandidates;
        _candidates += keeps ? 1 : 0;
        _isComplete &= keeps;
        return keeps;
    }

    private bool TryCheckAttribute(SdpLine line)
    {
        if (++_attributes > _limits.MaxAttributes)
            return _reader.Fail(SdpErrorCode.TooManyAttributes, $"A section has more than {_limits.MaxAttributes} attributes.");
        if ((SdpSyntax.FaultAnywhere(line) ?? (_isInRtpMedia ? SdpSyntax.FaultInRtpMedia(line) : null)) is { } fault)
            return _reader.Fail(SdpErrorCode.InvalidAttribute, fault);
        if (SdpSyntax.IsRepeated(line, _lines.AsSpan(_sectionStart, _count - _sectionStart)))
            return _reader.Fail(SdpErrorCode.InvalidAttribute, $"a={line.AttributeName} stands twice in its section; leave one.");
        return TryCountSources(line);
    }

    private bool TryCountSources(SdpLine line)
    {
        if (_isInRtpMedia && line.IsAttribute("ssrc") && SourceAttribute.TryCut(line.AttributeValue, out Ssrc source, out _))
            (_sources ??= []).Add(source);
        else if (_isInRtpMedia && line.IsAttribute("ssrc-group")
            && SourceGroup.TryCut(line.AttributeValue, out _, out ReadOnlySpan<char> sources))
            AddSources(sources);
        return _sources is null || _sources.Count <= _limits.MaxSources
            || _reader.Fail(SdpErrorCode.TooManySources, $"A section declares more than {_limits.MaxSources} sources.");
    }

    private void AddSources(ReadOnlySpan<char> sources)
    {
        foreach (Range word in sources.Split(' '))
        {
            if (SdpTokens.TryParseSsrc(sources[word], out Ssrc ssrc))
                (_sources ??= []).Add(ssrc);
        }
    }
}
