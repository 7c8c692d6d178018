using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>Reads lines into sections, checking limits and grammar as it goes, so that an error names its line.</summary>
internal ref struct SdpParser(ReadOnlySpan<char> text, SdpLimits limits)
{
    private readonly SdpLimits _limits = limits;
    private SdpLineReader _reader = new(text, limits);
    private readonly ImmutableArray<SdpLine>.Builder _lines = ImmutableArray.CreateBuilder<SdpLine>();
    private readonly ImmutableArray<MediaDescription>.Builder _media = ImmutableArray.CreateBuilder<MediaDescription>();
    private readonly HashSet<Ssrc> _sources = [];
    private ImmutableArray<SdpLine> _sessionLines = default;
    private bool _isInRtpMedia;
    private int _attributes;
    private int _candidates;

    public bool TryParseSession(out SessionDescription? description, out SdpError? error)
    {
        description = null;
        SdpOrigin? origin = null;
        bool valid = TryReadSections(isFragment: false) && TryCheckSession(out origin);
        error = _reader.Error;
        if (valid)
            description = new SessionDescription(_sessionLines, origin!, _media.ToImmutable(), _reader.LineEnd);
        return valid;
    }

    public bool TryParseFragment(out SdpFragment? fragment, out SdpError? error)
    {
        fragment = null;
        bool valid = TryReadSections(isFragment: true);
        error = _reader.Error;
        if (valid)
            fragment = new SdpFragment(_sessionLines, _media.ToImmutable(), _reader.LineEnd);
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
            if (line.Type == 'a' && !TryCheckAttribute(line))
                return false;
            _lines.Add(line);
        }
        if (_reader.Error is not null)
            return false;
        EndSection();
        return true;
    }

    private bool TryCheckSession(out SdpOrigin? origin)
    {
        origin = null;
        ReadOnlySpan<SdpLine> lines = _sessionLines.AsSpan();
        if (lines.Length >= 3 && lines[0] == new SdpLine('v', "0") && lines[1].Type == 'o' && lines[2].Type == 's'
            && SdpOrigin.TryParse(lines[1].Value, out origin))
            return true;
        return _reader.FailWhole(SdpErrorCode.InvalidSession, "A description begins with v=0, a valid o= and an s= line.");
    }

    private bool TryBeginMedia(SdpLine line)
    {
        EndSection();
        if (_media.Count >= _limits.MaxMedia)
            return _reader.Fail(SdpErrorCode.TooManyMedia, $"There are more than {_limits.MaxMedia} media sections.");
        if (!MediaLine.TryParse(line.Value, out MediaLine? media))
            return _reader.Fail(SdpErrorCode.InvalidMedia, "An m= line has a kind, a port, a protocol and distinct formats.");
        _isInRtpMedia = media!.IsRtp;
        return true;
    }

    private void EndSection()
    {
        ImmutableArray<SdpLine> lines = _lines.ToImmutable();
        if (_sessionLines.IsDefault)
            _sessionLines = lines;
        else if (MediaDescription.TryCreate(lines, out MediaDescription? media))
            _media.Add(media!);
        _lines.Clear();
        _sources.Clear();
        _attributes = 0;
        _candidates = 0;
    }

    private bool TryCheckAttribute(SdpLine line)
    {
        if (++_attributes > _limits.MaxAttributes)
            return _reader.Fail(SdpErrorCode.TooManyAttributes, $"A section has more than {_limits.MaxAttributes} attributes.");
        if (line.IsAttribute("candidate") && ++_candidates > _limits.MaxCandidates)
            return _reader.Fail(SdpErrorCode.TooManyCandidates, $"A section has more than {_limits.MaxCandidates} candidates.");
        if (!SdpSyntax.IsValidAnywhere(line) || (_isInRtpMedia && !SdpSyntax.IsValidInRtpMedia(line)))
            return _reader.Fail(SdpErrorCode.InvalidAttribute, "The attribute's value is outside its grammar.");
        if (SdpSyntax.IsRepeated(line, _lines))
            return _reader.Fail(SdpErrorCode.InvalidAttribute, "The attribute stands twice in its section.");
        return TryCountSources(line);
    }

    private bool TryCountSources(SdpLine line)
    {
        if (_isInRtpMedia && line.IsAttribute("ssrc") && SourceAttribute.TryParse(line.AttributeValue, out SourceAttribute? source))
            _sources.Add(source!.Ssrc);
        else if (_isInRtpMedia && line.IsAttribute("ssrc-group") && SourceGroup.TryParse(line.AttributeValue, out SourceGroup? group))
            _sources.UnionWith(group!.Sources);
        return _sources.Count <= _limits.MaxSources
            || _reader.Fail(SdpErrorCode.TooManySources, $"A section declares more than {_limits.MaxSources} sources.");
    }
}
