using System.Collections.Immutable;
using System.Text;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// A session description (RFC 8866). Immutable and lossless: <see cref="ToString"/> gives back, byte for byte, a
/// well-formed text that was parsed, with the line end it came with.
/// </summary>
public sealed class SessionDescription : SdpSection
{
    private readonly string _lineEnd;

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
    public MediaGroup? Bundle => Groups.FirstOrDefault(group => group.Semantics == MediaGroup.Bundle);

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

    public override string ToString()
    {
        var text = new StringBuilder();
        AppendTo(text, this);
        foreach (MediaDescription media in Media)
            AppendTo(text, media);
        return text.ToString();
    }

    private void AppendTo(StringBuilder text, SdpSection section)
    {
        foreach (SdpLine line in section.Lines)
            text.Append(line.Type).Append('=').Append(line.Value).Append(_lineEnd);
    }
}
