using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// A session description (RFC 8866). Immutable and lossless: <see cref="ToString"/> gives back, byte for byte, a
/// well-formed text that was parsed, with the line end it came with.
/// </summary>
public sealed class SessionDescription : SdpSection
{
    private readonly string _lineEnd;
    private readonly string? _text;
    private MediaGroup? _bundle;

    /// <param name="lines">All lines; they begin with <c>v=</c>, a valid <c>o=</c> and <c>s=</c>.</param>
    /// <param name="count">How many stand before the first section.</param>
    /// <param name="media">The sections.</param>
    /// <param name="lineEnd">What is written behind each line.</param>
    /// <param name="text">All of it, where that is at hand.</param>
    internal SessionDescription(SdpLine[] lines, int count, ImmutableArray<MediaDescription> media, string lineEnd, string? text)
        : base(lines, 0, count)
    {
        Media = media;
        _lineEnd = lineEnd;
        _text = text;
    }

    private SessionDescription(SessionDescription session, ImmutableArray<MediaDescription> media)
        : base(session)
    {
        Media = media;
        _lineEnd = session._lineEnd;
    }

    public SdpOrigin Origin => SdpOrigin.TryParse(Lines[1].Value, out SdpOrigin? origin)
        ? origin!
        : throw new InvalidOperationException("A description was made without a valid o= line.");

    public ImmutableArray<MediaDescription> Media { get; }

    public bool IsIceLite => HasAttribute("ice-lite");

    public SdpAttributes<MediaGroup> Groups => Parsed<MediaGroup>("group", MediaGroup.TryParse);

    /// <summary>The first BUNDLE group (RFC 9143); null without one.</summary>
    public MediaGroup? Bundle => _bundle ??= FindBundle();

    /// <summary>
    /// Parses a description. Lines may end in CRLF or LF; empty lines are tolerated only at the very end, and a
    /// missing <c>t=</c> line is, since nothing here depends on it.
    /// </summary>
    public static bool TryParse(string text, SdpLimits limits, out SessionDescription? description, out SdpError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(limits);
        return new SdpParser(text, limits).TryParseSession(out description, out error);
    }

    /// <summary>Media-level attribute, else the session-level one; null when neither has it.</summary>
    public string? FindAttribute(MediaDescription media, string name)
    {
        ArgumentNullException.ThrowIfNull(media);
        return media.FindAttribute(name) ?? FindAttribute(name);
    }

    /// <summary>The direction of a section: its own, else the session's, else <c>sendrecv</c> (RFC 8866 section 6.7).</summary>
    public MediaDirection DirectionOf(MediaDescription media)
    {
        ArgumentNullException.ThrowIfNull(media);
        return media.Direction ?? Direction ?? MediaDirection.SendReceive;
    }

    /// <summary>The section with this <c>a=mid</c>; null when there is none.</summary>
    public MediaDescription? FindMedia(Mid mid)
    {
        foreach (MediaDescription media in Media)
        {
            if (media.Mid == mid)
                return media;
        }
        return null;
    }

    /// <summary>The groups, and each section's first line and name: a tenth of the memory.</summary>
    internal SessionDescription Condensed()
    {
        var writer = new SdpWriter();
        foreach (SdpLine line in Lines)
        {
            if (line.Type != 'a' || line.IsAttribute("group"))
                writer.Line(line.Whole);
        }
        foreach (MediaDescription media in Media)
        {
            foreach (SdpLine line in media.Lines)
            {
                if (line.Type == 'm' || line.IsAttribute("mid"))
                    writer.Line(line.Whole);
            }
        }
        return writer.ToSessionDescription();
    }

    /// <summary>The same with other sections.</summary>
    internal SessionDescription With(ImmutableArray<MediaDescription> media) => new(this, media);

    public override string ToString()
    {
        if (_text is not null)
            return _text;
        int length = LengthOf(this);
        foreach (MediaDescription media in Media)
            length += LengthOf(media);
        return string.Create(length, this, static (text, description) =>
        {
            description.Write(description, ref text);
            foreach (MediaDescription media in description.Media)
                description.Write(media, ref text);
        });
    }

    private MediaGroup? FindBundle()
    {
        foreach (MediaGroup group in Groups)
        {
            if (group.Semantics == MediaGroup.Bundle)
                return group;
        }
        return null;
    }

    private int LengthOf(SdpSection section)
    {
        int length = 0;
        foreach (SdpLine line in section.Lines)
            length += line.Whole.Length + _lineEnd.Length;
        return length;
    }

    /// <summary>Writes a section and moves on behind it.</summary>
    private void Write(SdpSection section, ref Span<char> text)
    {
        foreach (SdpLine line in section.Lines)
        {
            line.Whole.CopyTo(text);
            _lineEnd.CopyTo(text[line.Whole.Length..]);
            text = text[(line.Whole.Length + _lineEnd.Length)..];
        }
    }
}
