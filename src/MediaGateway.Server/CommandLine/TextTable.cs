using Spectre.Console;

namespace MediaGateway.Server.CommandLine;

/// <summary>
/// Rows in columns, for people to read. On a terminal, cells that do not fit are wrapped; in a pipe or a file every row is one line.
/// Control characters, which others may have chosen, are shown as what they are.
/// </summary>
internal sealed class TextTable
{
    private const int Gap = 2;

    /// <summary>Characters; wider than any row of what the gateway answers.</summary>
    private const int Unlimited = 1_000_000;

    private readonly Table _table = new() { Border = TableBorder.None };

    public TextTable(params string[] headings)
    {
        foreach (string heading in headings)
            _table.AddColumn(new TableColumn(new Text(heading)) { Padding = new Padding(0, 0, Gap, 0) });
    }

    public void Add(params string[] cells) => _table.AddRow(cells.Select(cell => new Text(Printable(cell))));

    public void Write(TextWriter output)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = output == Console.Out && !Console.IsOutputRedirected ? Console.WindowWidth : Unlimited;
        console.Write(_table);
        foreach (string line in text.ToString().TrimEnd().Split('\n'))
            output.WriteLine(line.TrimEnd());
    }

    private static string Printable(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString()))
        : text;
}
