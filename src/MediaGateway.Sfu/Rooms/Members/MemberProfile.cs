using System.Collections.Immutable;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Profile of a member, for the others to read.</summary>
/// <param name="Name">Name for people to read.</param>
/// <param name="Metadata">Text of the application's own.</param>
/// <param name="Attributes">Values of the application's own, by key.</param>
internal sealed record MemberProfile(string Name, string Metadata, ImmutableDictionary<string, string> Attributes)
{
    /// <summary>The longest profile, characters of all texts together: it is copied to everybody.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The profile with some parts replaced; null when it would be too long.</summary>
    /// <param name="name">Null leaves the name as it is.</param>
    /// <param name="metadata">Null leaves the metadata as it is.</param>
    /// <param name="attributes">Attributes to set; an empty value deletes.</param>
    public MemberProfile? With(string? name, string? metadata, IReadOnlyDictionary<string, string> attributes)
    {
        var changed = new MemberProfile(name ?? Name, metadata ?? Metadata, Attributes
            .SetItems(attributes)
            .RemoveRange(attributes.Where(pair => pair.Value.Length == 0).Select(pair => pair.Key)));
        return changed.Length <= MaxLength ? changed : null;
    }

    private int Length => Name.Length + Metadata.Length + Attributes.Sum(pair => pair.Key.Length + pair.Value.Length);
}
