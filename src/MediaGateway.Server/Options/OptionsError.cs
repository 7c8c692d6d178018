namespace MediaGateway.Server.Options;

/// <summary>A mistake in the configuration, in words that name the key, the value and the fix.</summary>
/// <param name="Key">The configuration key, sections joined by a colon.</param>
/// <param name="Value">What stood there; null when nothing did or when it is a secret.</param>
/// <param name="Problem">What is wrong and what to write instead.</param>
internal sealed record OptionsError(string Key, string? Value, string Problem)
{
    public override string ToString() => Value is null ? $"{Key}: {Problem}" : $"{Key} = \"{Value}\": {Problem}";
}
