using System.ComponentModel;
using System.Diagnostics;

namespace MediaGateway.Server.Contracts;

/// <summary>
/// A text that must not be seen: it prints as <see cref="Shown"/>, in logs, in errors and in the settings in force alike.
/// Only <see cref="Reveal"/> gives it away, and so every place that does is found by that name.
/// </summary>
[TypeConverter(typeof(SecretConverter))]
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class Secret(string text)
{
    /// <summary>Text that is printed instead of a secret that is not empty.</summary>
    public const string Shown = "(set)";

    public static Secret None { get; } = new("");

    public bool IsEmpty => text.Length == 0;

    /// <summary>The text itself, for what signs with it or passes it on.</summary>
    public string Reveal() => text;

    public override string ToString() => IsEmpty ? "" : Shown;
}
