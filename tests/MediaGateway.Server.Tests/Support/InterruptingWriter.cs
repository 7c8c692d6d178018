using System.Collections.Concurrent;
using System.Text;

namespace MediaGateway.Server.Tests.Support;

/// <summary>Keeps the lines that are written; one that ends with a text interrupts whoever writes.</summary>
internal sealed class InterruptingWriter(string last, CancellationTokenSource interrupt) : TextWriter
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _written = new(0);

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value)
    {
        _lines.Enqueue(value ?? "");
        _written.Release();
        if (value?.EndsWith(last, StringComparison.Ordinal) == true)
            interrupt.Cancel();
    }

    /// <summary>Completes once a line has this in it.</summary>
    public async Task Contains(string text)
    {
        while (!_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
            await _written.WaitAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    public override string ToString() => string.Join('\n', _lines);

    protected override void Dispose(bool disposing)
    {
        _written.Dispose();
        base.Dispose(disposing);
    }
}
