using System.Collections.Immutable;
using System.Text;

namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// An <c>application/trickle-ice-sdpfrag</c> (RFC 8840 section 9), the body of a WHIP PATCH (RFC 9725 section 4.3):
/// candidates by section, and the credentials of the ICE session they belong to.
/// </summary>
public sealed class SdpFragment : SdpSection
{
    private readonly string _lineEnd;

    internal SdpFragment(SdpLine[] lines, int count, ImmutableArray<MediaDescription> media, string lineEnd)
        : base(lines, 0, count)
    {
        Media = media;
        _lineEnd = lineEnd;
    }

    public ImmutableArray<MediaDescription> Media { get; }

    /// <summary>The user name fragment, from either level; null when the fragment names none.</summary>
    public string? UsernameFragment => Sections.Select(section => section.IceUsernameFragment).FirstOrDefault(text => text is not null);

    /// <summary>The password, from either level; null when the fragment names none.</summary>
    public string? Password => Sections.Select(section => section.IcePassword).FirstOrDefault(text => text is not null);

    /// <summary>All candidates in order, each with its section; clients that leave out <c>m=</c> lines give none.</summary>
    public ImmutableArray<FragmentCandidate> TrickledCandidates =>
    [
        .. Candidates.Select(value => new FragmentCandidate(null, value)),
        .. Media.SelectMany(media => media.Candidates.Select(value => new FragmentCandidate(media.Mid, value))),
    ];

    /// <summary>True when any section says that no candidate follows: everything we accept is on one transport.</summary>
    public bool EndsCandidates => Sections.Any(section => section.HasEndOfCandidates);

    private IEnumerable<SdpSection> Sections => Media.Prepend<SdpSection>(this);

    private bool HasOneIceSession => Sections.All(section =>
        (section.IceUsernameFragment is null || section.IceUsernameFragment == UsernameFragment)
        && (section.IcePassword is null || section.IcePassword == Password));

    public static bool TryParse(string text, SdpLimits limits, out SdpFragment? fragment, out SdpError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(limits);
        if (!new SdpParser(text, limits).TryParseFragment(out fragment, out error))
            return false;
        if (fragment!.HasOneIceSession)
            return true;
        fragment = null;
        error = new SdpError(SdpErrorCode.ConflictingIceCredentials, 0, "The sections of a fragment name different ICE credentials.");
        return false;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (SdpSection section in Sections)
        {
            foreach (SdpLine line in section.Lines)
                text.Append(line.Whole).Append(_lineEnd);
        }
        return text.ToString();
    }
}
