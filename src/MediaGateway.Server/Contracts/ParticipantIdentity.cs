namespace MediaGateway.Server.Contracts;

/// <summary>The identity of a token's bearer, its <c>sub</c>. The application that signs the token chooses it.</summary>
internal readonly record struct ParticipantIdentity
{
    public const int MaxLength = 256;

    private ParticipantIdentity(string value) => Value = value;

    public string Value { get; }

    public bool IsEmpty => Value is null;

    public static bool TryParse(string? text, out ParticipantIdentity identity)
    {
        bool valid = text is { Length: > 0 and <= MaxLength } && !text.Any(char.IsControl);
        identity = valid ? new ParticipantIdentity(text!) : default;
        return valid;
    }

    public override string ToString() => Value ?? "";
}
