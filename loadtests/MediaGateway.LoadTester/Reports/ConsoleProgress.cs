using MediaGateway.LoadTester.Scenarios;
using Spectre.Console;

namespace MediaGateway.LoadTester.Reports;

/// <summary>A progress bar that is drawn over itself on a terminal, and a line a phase elsewhere.</summary>
internal sealed class ConsoleProgress(IAnsiConsole console, string title) : IProgressReport
{
    private const int BarWidth = 30;

    private readonly Lock _lock = new();
    private string _phase = "";
    private int _total;
    private int _shown;

    public void Begin(string phase, int total)
    {
        _phase = phase;
        _total = total;
        _shown = 0;
        if (!console.Profile.Capabilities.Interactive)
            console.WriteLine($"{title}: {phase} ({total})");
    }

    public void Report(int done)
    {
        lock (_lock)
        {
            if (!console.Profile.Capabilities.Interactive || done <= _shown)
                return;
            _shown = done;
            int filled = _total == 0 ? BarWidth : Math.Min(BarWidth, done * BarWidth / _total);
            console.Write(new ControlCode(
                $"\r\u001b[2K{title}: {_phase} [{new string('#', filled)}{new string('.', BarWidth - filled)}] {done}/{_total}"));
        }
    }

    public void End()
    {
        if (console.Profile.Capabilities.Interactive)
            console.Write(new ControlCode("\r\u001b[2K"));
    }
}
