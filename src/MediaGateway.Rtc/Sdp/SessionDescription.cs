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
    private MediaGroup? _bundle;

    internal SessionDescription(ImmutableArray<SdpLine> lines, SdpOrigin origin, ImmutableArray<MediaDescription> media, string lineEnd)
        : base(lines)
    {
        Origin = origin;
        Media = media;
        _lineEnd = lineEnd;
    }

    public SdpOrigin Origin { get; }

    public ImmutableArray<MediaDescription> Media { get; }

    public bool IsIceLite => HasAttribute("ice-lite");

    public IEnumerable<MediaGroup> Groups => Parsed<MediaGroup>("group", MediaGroup.TryParse);

    /// <summary>The first BUNDLE group (RFC 9143); null without one.</summary>
    public MediaGroup? Bundle => _bundle ??= Groups.FirstOrDefault(group => group.Semantics == MediaGroup.Bundle);

    /// <summary>
    /// Parses a description. Lines may end in CRLF or LF; empty lines are tolerated only at the very end, and a
    /// missing <c>t=</c> line is, since nothing here depends on it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, SdpLimits limits, out SessionDescription? description, out SdpError? error)
    {
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
    public MediaDescription? FindMedia(Mid mid) => Media.FirstOrDefault(media => media.Mid == mid);

    /// <summary>The groups, and each section's first line and name: a tenth of the memory.</summary>
    internal SessionDescription Condensed() => new(
        [.. Lines.Where(line => line.Type != 'a' || line.IsAttribute("group"))], Origin, [.. Media.Select(media => media.Condensed())], _lineEnd);

    /// <summary>The same with other sections.</summary>
    internal SessionDescription With(ImmutableArray<MediaDescription> media) => new(Lines, Origin, media, _lineEnd);

    public override string ToString()
    {
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

    private int LengthOf(SdpSection section)
    {
        int length = 0;
        foreach (SdpLine line in section.Lines)
            length += 2 + line.Value.Length + _lineEnd.Length;
        return length;
    }

    /// <summary>Writes a section and moves on behind it.</summary>
    private void Write(SdpSection section, ref Span<char> text)
    {
        foreach (SdpLine line in section.Lines)
        {
            text[0] = line.Type;
            text[1] = '=';
            line.Value.CopyTo(text[2..]);
            _lineEnd.CopyTo(text[(2 + line.Value.Length)..]);
            text = text[(2 + line.Value.Length + _lineEnd.Length)..];
        }
    }
}
