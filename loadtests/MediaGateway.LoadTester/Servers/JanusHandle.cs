using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaGateway.LoadTester.Servers;

/// <summary>A handle in the sense of Janus: one user of a plugin, with at most one peer connection.</summary>
internal sealed class JanusHandle(JanusSession session, long id)
{
    private readonly TaskCompletionSource<string?> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Id { get; } = id;

    /// <summary>
    /// Task that completes once Janus can use the peer connection: ICE and DTLS are done and its plugin takes media. Its result is null
    /// then, else why it never came
    /// to that.
    /// </summary>
    public Task<string?> Connected => _connected.Task;

    /// <summary>Called when the peer connection has ended, on the thread that reads events.</summary>
    public Action<JanusHandle>? HungUp { get; init; }

    /// <summary>Asks the plugin for something that it answers at once.</summary>
    public async Task<JsonElement> AskAsync(JsonObject body, CancellationToken cancellation) =>
        (await session.RequestAsync(Message(body), answersLater: false, cancellation)).GetProperty("plugindata").GetProperty("data");

    /// <summary>Sends the plugin a request that it queues.</summary>
    /// <param name="body">The request.</param>
    /// <param name="description">SDP that goes with it; null for none.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<JanusAnswer> SendAsync(JsonObject body, JanusDescription? description, CancellationToken cancellation)
    {
        JsonObject message = Message(body);
        // All candidates are in it: none will trickle.
        if (description is not null)
            message["jsep"] = new JsonObject { ["type"] = description.Type, ["sdp"] = description.Sdp, ["trickle"] = false };
        JsonElement answer = await session.RequestAsync(message, answersLater: true, cancellation);
        string? sdp = answer.TryGetProperty("jsep", out JsonElement jsep) ? jsep.GetProperty("sdp").GetString() : null;
        return new JanusAnswer(answer.GetProperty("plugindata").GetProperty("data"), sdp);
    }

    public void OnEvent(string? kind, JsonElement message)
    {
        if (kind == "webrtcup")
            _connected.TrySetResult(null);
        if (kind != "hangup")
            return;
        string reason = message.TryGetProperty("reason", out JsonElement text) ? text.ToString() : "no reason given";
        _connected.TrySetResult($"Janus hung up: {reason}.");
        HungUp?.Invoke(this);
    }

    public void OnConnectionEnded(string reason) => _connected.TrySetResult(reason);

    private JsonObject Message(JsonObject body) => new() { ["janus"] = "message", ["handle_id"] = Id, ["body"] = body };
}
