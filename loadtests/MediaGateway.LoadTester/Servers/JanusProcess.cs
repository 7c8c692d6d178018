using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace MediaGateway.LoadTester.Servers;

/// <summary>Janus as a child of this process, in the foreground.</summary>
internal sealed class JanusProcess : IDisposable
{
    /// <summary>Lines of its log that are kept, the latest.</summary>
    private const int LogLines = 12;

    /// <summary>Time that the process may take to end after its connections have ended.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ExitTime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<string> _log = new();
    private readonly JanusFolder _folder;
    private readonly Process _process;

    /// <exception cref="JanusException">It is not installed.</exception>
    public JanusProcess(JanusOptions options)
    {
        _folder = new JanusFolder(options);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(options.Executable, ["--config", _folder.Configuration, "--configs-folder", _folder.FullName])
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        try
        {
            _process.Start();
        }
        catch (Win32Exception failure)
        {
            _folder.Dispose();
            throw new JanusException($"{options.Executable} could not be started: {failure.Message}", failure);
        }
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string ApiSocket => _folder.ApiSocket;

    public bool HasExited => _process.HasExited;

    /// <summary>Says whether the process lives, and what it logged last.</summary>
    public string Describe()
    {
        string state = _process.WaitForExit(LastMoment) ? $"Janus has exited with code {_process.ExitCode}." : "Janus is running.";
        return _log.IsEmpty ? state : $"{state} It logged:{Environment.NewLine}{string.Join(Environment.NewLine, _log)}";
    }

    /// <summary>Kills the process: it has nothing to save, so it is not asked first.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit(ExitTime);
        _process.Dispose();
        _folder.Dispose();
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _log.Enqueue(line);
        if (_log.Count > LogLines)
            _log.TryDequeue(out _);
    }
}
