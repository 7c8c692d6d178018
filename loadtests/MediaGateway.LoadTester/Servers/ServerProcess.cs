using System.Diagnostics;

namespace MediaGateway.LoadTester.Servers;

/// <summary>A child process whose output is kept for when something goes wrong. Ownership: ends it when disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private const int KeptLines = 100_000;
    private const int ShownLines = 200;
    private const int SIGTERM = 15;

    private readonly Process _process;
    private readonly List<string> _log = [];

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last of what it has written.</summary>
    public string Log => string.Join('\n', Lines.TakeLast(ShownLines));

    /// <summary>All lines that it has written, the first hundred thousand at most.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public static ServerProcess Start(string executable, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(executable, arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        var server = new ServerProcess(Process.Start(start) ?? throw new InvalidOperationException($"{executable} did not start."));
        server._process.OutputDataReceived += server.Keep;
        server._process.ErrorDataReceived += server.Keep;
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Asks until the answer is yes.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or said no for 30 s.</exception>
    public async Task WaitUntilAsync(Func<Task<bool>> isReady, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await isReady())
        {
            if (_process.HasExited || limit.IsCancellationRequested)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} is not ready:\n{Log}");
            await Task.Delay(50, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Signals.Send(_process.Id, SIGTERM);
            using var limit = new CancellationTokenSource(Grace);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            if (line.Data is { } text && _log.Count < KeptLines)
                _log.Add(text);
        }
    }
}
