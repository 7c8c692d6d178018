using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// The session level or one media description: its lines in order, unknown ones included, and typed views of the
/// attributes that may stand on either level. The lines are the truth; what was parsed is written back unchanged.
/// Attributes with a grammar the gateway relies on were checked while parsing, so the views never fail.
/// </summary>
public abstract class SdpSection
{
    /// <summary>Lines of the whole description, shared by all its sections.</summary>
    private readonly SdpLine[] _lines;
    private readonly int _start;
    private readonly int _count;

    private protected SdpSection(SdpLine[] lines, int start, int count)
    {
        _lines = lines;
        _start = start;
        _count = count;
    }

    /// <summary>Makes a section with the same lines as another.</summary>
    private protected SdpSection(SdpSection other)
        : this(other._lines, other._start, other._count)
    {
    }

    public ReadOnlySpan<SdpLine> Lines => _lines.AsSpan(_start, _count);

    /// <summary><c>a=sendrecv</c> and its siblings; null when the section says nothing.</summary>
    public MediaDirection? Direction
    {
        get
        {
            foreach (SdpLine line in Lines)
            {
                if (line.Type == 'a' && MediaDirections.TryParse(line.Value, out MediaDirection direction))
                    return direction;
            }
            return null;
        }
    }

    public SdpSetup? Setup => TryFind("setup", out ReadOnlySpan<char> text) && SdpSetups.TryParse(text, out SdpSetup setup) ? setup : null;

    public string? IceUsernameFragment => FindAttribute("ice-ufrag");

    public string? IcePassword => FindAttribute("ice-pwd");

    public ImmutableArray<string> IceOptions =>
        FindAttribute("ice-options") is { } text ? [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)] : [];

    /// <summary>Fingerprints by a hash that is still trusted; others are left out (RFC 8122 section 5).</summary>
    public ImmutableArray<CertificateFingerprint> Fingerprints =>
        [.. Parsed<CertificateFingerprint>("fingerprint", CertificateFingerprint.TryParse)];

    /// <summary>candidate-attribute values (RFC 8839 section 5.1), verbatim, without <c>candidate:</c>.</summary>
    public ImmutableArray<string> Candidates => [.. AttributeValues("candidate")];

    public bool HasEndOfCandidates => HasAttribute("end-of-candidates");

    /// <summary><c>a=extmap-allow-mixed</c>: one- and two-byte header extensions may alternate (RFC 8285 section 6).</summary>
    public bool AllowsMixedExtensions => HasAttribute("extmap-allow-mixed");

    public SdpAttributes<ExtensionMapping> ExtensionMappings => Parsed<ExtensionMapping>("extmap", ExtensionMapping.TryParse);

    public bool HasAttribute(string name) => TryFind(name, out _);

    /// <summary>The first value of an attribute; empty for a property attribute, null when it is absent.</summary>
    public string? FindAttribute(string name) => TryFind(name, out ReadOnlySpan<char> value) ? value.ToString() : null;

    /// <summary>All values of an attribute, in order.</summary>
    public IEnumerable<string> AttributeValues(string name)
    {
        for (int i = 0; i < _count; i++)
        {
            if (Lines[i].IsAttribute(name))
                yield return Lines[i].AttributeValue.ToString();
        }
    }

    private protected bool TryFind(string name, out ReadOnlySpan<char> value)
    {
        foreach (SdpLine line in Lines)
        {
            if (line.IsAttribute(name))
            {
                value = line.AttributeValue;
                return true;
            }
        }
        value = default;
        return false;
    }

    private protected SdpAttributes<T> Parsed<T>(string name, SdpAttributes<T>.Parser parse)
        where T : class => new(this, name, parse);
}
