namespace MediaGateway.Server.Contracts;

/// <summary>The name of a room: 1 to 256 characters, none of them a control character. Chosen by the application.</summary>
internal readonly record struct RoomName
{
    public const int MaxLength = 256;

    private RoomName(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, out RoomName name)
    {
        bool valid = text is { Length: > 0 and <= MaxLength } && !text.Any(char.IsControl);
        name = valid ? new RoomName(text!) : default;
        return valid;
    }

    public override string ToString() => Value;
}
