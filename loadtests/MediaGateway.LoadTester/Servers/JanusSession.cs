using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaGateway.LoadTester.Servers;

/// <summary>The one session that holds all our handles, kept alive: Janus ends one that has asked for nothing in 60 s.</summary>
internal sealed class JanusSession : IAsyncDisposable
{
    private const string Plugin = "janus.plugin.videoroom";

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(20);

    private readonly PeriodicTimer _timer = new(KeepAliveInterval);
    private readonly JanusConnection _connection;
    private readonly long _id;
    private readonly Task _keepingAlive;

    private JanusSession(JanusConnection connection, string serverVersion, long id)
    {
        _connection = connection;
        ServerVersion = serverVersion;
        _id = id;
        _keepingAlive = KeepAliveAsync();
    }

    public string ServerVersion { get; }

    /// <summary>Waits for a Janus that was just started.</summary>
    /// <exception cref="JanusException">It has exited, or does not come up in time.</exception>
    public static async Task<JanusSession> OpenAsync(JanusProcess process, TimeSpan timeout, CancellationToken cancellation)
    {
        JanusConnection connection = await ConnectAsync(process, timeout, cancellation);
        try
        {
            JsonElement info = await connection.RequestAsync(new JsonObject { ["janus"] = "info" }, answersLater: false, cancellation);
            JsonElement created = await connection.RequestAsync(new JsonObject { ["janus"] = "create" }, answersLater: false, cancellation);
            return new JanusSession(connection, info.GetProperty("version_string").GetString()!,
                created.GetProperty("data").GetProperty("id").GetInt64());
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task<JsonElement> RequestAsync(JsonObject request, bool answersLater, CancellationToken cancellation)
    {
        request["session_id"] = _id;
        return _connection.RequestAsync(request, answersLater, cancellation);
    }

    /// <summary>Attaches a handle to the VideoRoom plugin.</summary>
    /// <param name="hungUp">See <see cref="JanusHandle.HungUp"/>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<JanusHandle> AttachAsync(Action<JanusHandle>? hungUp, CancellationToken cancellation)
    {
        JsonElement answer =
            await RequestAsync(new JsonObject { ["janus"] = "attach", ["plugin"] = Plugin }, answersLater: false, cancellation);
        var handle = new JanusHandle(this, answer.GetProperty("data").GetProperty("id").GetInt64()) { HungUp = hungUp };
        _connection.Add(handle);
        return handle;
    }

    /// <summary>Gives a handle back, whose peer connection ends with it. Does not throw: then Janus is gone, and the handle too.</summary>
    public async Task DetachAsync(JanusHandle handle)
    {
        _connection.Remove(handle);
        await TryRequestAsync(new JsonObject { ["janus"] = "detach", ["handle_id"] = handle.Id });
    }

    /// <summary>Ends all handles.</summary>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _keepingAlive;
        await TryRequestAsync(new JsonObject { ["janus"] = "destroy" });
        await _connection.DisposeAsync();
    }

    private static async Task<JanusConnection> ConnectAsync(JanusProcess process, TimeSpan timeout, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await JanusConnection.OpenAsync(process.ApiSocket, timeout, process.Describe, cancellation);
            }
            catch (WebSocketException failure)
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(start) > timeout)
                    throw new JanusException($"Janus does not come up: {failure.Message}. {process.Describe()}", failure);
            }
            await Task.Delay(RetryInterval, cancellation);
        }
    }

    private async Task KeepAliveAsync()
    {
        while (await _timer.WaitForNextTickAsync())
            await TryRequestAsync(new JsonObject { ["janus"] = "keepalive" });
    }

    /// <summary>Makes a request that nobody waits for; the next request reports what is wrong.</summary>
    private async Task TryRequestAsync(JsonObject request)
    {
        try
        {
            await RequestAsync(request, answersLater: false, CancellationToken.None);
        }
        catch (JanusException)
        {
        }
    }
}
