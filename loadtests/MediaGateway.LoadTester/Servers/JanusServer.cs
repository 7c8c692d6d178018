using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaGateway.LoadTester.Servers;

/// <summary>
/// A Janus (Debian's package) that is started for the measurement, ICE-lite, with its VideoRoom plugin alone and a room for
/// each stream. Peers find it at <see cref="JanusOptions.MediaAddress"/> and have to send the ICE checks.
/// </summary>
internal sealed class JanusServer : IServerUnderTest
{
    private const int PublishersPerRoom = 100;

    private readonly SemaphoreSlim _publishing = new(1);
    private readonly ConcurrentDictionary<string, JanusRoom> _rooms = new();
    private readonly TimeSpan _timeout;
    private readonly JanusProcess _process;
    private readonly JanusSession _session;
    private readonly JanusHandle _control;

    private JanusServer(JanusOptions options, JanusProcess process, JanusSession session, JanusHandle control)
    {
        Name = options.EventLoops is { } loops ? $"Janus {session.ServerVersion}, event_loops = {loops}" : $"Janus {session.ServerVersion}";
        _timeout = options.Timeout;
        _process = process;
        _session = session;
        _control = control;
    }

    public string Name { get; }

    public int ProcessId => _process.Id;

    /// <exception cref="JanusException">It is not installed, cannot use the media address, or does not come up.</exception>
    public static async Task<JanusServer> StartAsync(JanusOptions options, CancellationToken cancellation)
    {
        RequireUsable(options.MediaAddress);
        var process = new JanusProcess(options);
        JanusSession? session = null;
        try
        {
            session = await JanusSession.OpenAsync(process, options.Timeout, cancellation);
            return new JanusServer(options, process, session, await session.AttachAsync(hungUp: null, cancellation));
        }
        catch
        {
            if (session is not null)
                await session.DisposeAsync();
            process.Dispose();
            throw;
        }
    }

    public async Task<string> PublishAsync(string stream, string offer, CancellationToken cancellation) =>
        (await PublishFeedAsync(stream, offer, cancellation)).Answer;

    /// <summary>Publishes as <see cref="PublishAsync"/> does, for a participant who is not to be subscribed to the feed.</summary>
    public async Task<(long Feed, string Answer)> PublishFeedAsync(string stream, string offer, CancellationToken cancellation)
    {
        await _publishing.WaitAsync(cancellation);
        try
        {
            if (!_rooms.TryGetValue(stream, out JanusRoom? room))
                room = _rooms[stream] = new JanusRoom(await CreateRoomAsync(cancellation));
            JanusHandle handle = await _session.AttachAsync(hungUp: null, cancellation);
            (long feed, string answer) = await WithHandleAsync(handle, () => JoinAsPublisherAsync(handle, room, offer, cancellation));
            _rooms[stream] = room with { Publishers = room.Publishers.Add((handle, feed)) };
            return (feed, answer);
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Waits until the publisher is connected: before, Janus knows no feed to watch.</summary>
    public async Task WatchAsync(string stream, IViewerNegotiation viewer, CancellationToken cancellation)
    {
        if (!_rooms.TryGetValue(stream, out JanusRoom? room) || room.Publishers.IsEmpty)
            throw new JanusException($"Nobody publishes the stream {stream}.");
        foreach ((JanusHandle publisher, _) in room.Publishers)
            await RequireConnectedAsync(stream, publisher, cancellation);
        JanusHandle handle = await _session.AttachAsync(hungUp: ended => _ = _session.DetachAsync(ended), cancellation);
        await WithHandleAsync(handle, () => JoinAsViewerAsync(handle, room, viewer, cancellation));
    }

    /// <summary>Lets a viewer have whatever has come into the room since it was last asked; nothing when that is nothing.</summary>
    /// <param name="name">The room.</param>
    /// <param name="subscriber">What the viewer has already.</param>
    /// <param name="answer">Answers an offer; each is longer than the one before.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task SubscribeToNewAsync(string name, JanusSubscriber subscriber, Func<string, Task<string>> answer,
        CancellationToken cancellation)
    {
        JanusRoom room = _rooms[name];
        long[] fresh = [.. room.Publishers.Where(publisher => publisher.Handle.Connected is { IsCompletedSuccessfully: true, Result: null })
            .Select(publisher => publisher.Feed).Except(subscriber.Feeds)];
        if (fresh.Length == 0)
            return;
        bool isFirst = subscriber.Handle is null;
        JanusHandle handle =
            subscriber.Handle ??= await _session.AttachAsync(hungUp: ended => _ = _session.DetachAsync(ended), cancellation);
        subscriber.Feeds.UnionWith(fresh);
        string offer = await SubscribeAsync(handle, room, fresh, isFirst, cancellation);
        await StartAsync(handle, await answer(offer), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _process.Dispose();
        _publishing.Dispose();
    }

    /// <summary>Else the first offer would come without a candidate, and the peers would wait in vain.</summary>
    private static void RequireUsable(IPAddress address)
    {
        bool isUsable = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.NetworkInterfaceType != NetworkInterfaceType.Loopback
                && network.OperationalStatus == OperationalStatus.Up)
            .Any(network => network.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(address)));
        if (!isUsable)
            throw new JanusException($"Janus needs an address of an interface that is up and not the loopback one; {address} is none. "
                + "tests/netns.sh gives a program one ($TEST_HOST_ADDRESS).");
    }

    private async Task<long> CreateRoomAsync(CancellationToken cancellation)
    {
        // No cap on the bitrate and no regular key frame requests: what the publisher sends is what is measured.
        var create = new JsonObject
        {
            ["request"] = "create",
            ["publishers"] = PublishersPerRoom,
            ["bitrate"] = 0,
            ["bitrate_cap"] = false,
            ["fir_freq"] = 0,
            ["audiocodec"] = "opus",
            ["videocodec"] = "vp8,h264,vp9",
            ["audiolevel_event"] = false,
            ["notify_joining"] = false,
            ["require_pvtid"] = false,
            ["record"] = false,
        };
        JsonElement created = await _control.AskAsync(create, cancellation);
        return created.GetProperty("room").GetInt64();
    }

    private async Task RequireConnectedAsync(string stream, JanusHandle publisher, CancellationToken cancellation)
    {
        try
        {
            if (await publisher.Connected.WaitAsync(_timeout, cancellation) is { } failure)
                throw new JanusException($"The publisher of {stream} did not connect. {failure}");
        }
        catch (TimeoutException)
        {
            throw new JanusException(
                $"The publisher of {stream} did not connect within {_timeout.TotalSeconds:F0} s. {_process.Describe()}");
        }
    }

    private static async Task<(long Feed, string Answer)> JoinAsPublisherAsync(JanusHandle handle, JanusRoom room, string offer,
        CancellationToken cancellation)
    {
        var join = new JsonObject { ["request"] = "joinandconfigure", ["ptype"] = "publisher", ["room"] = room.Id };
        JanusAnswer joined = await handle.SendAsync(join, new JanusDescription("offer", offer), cancellation);
        string answer = joined.Sdp ?? throw new JanusException($"Janus lets a publisher join without a description: {joined.Data}");
        return (joined.Data.GetProperty("id").GetInt64(), answer);
    }

    private static async Task<JanusAnswer> JoinAsViewerAsync(JanusHandle handle, JanusRoom room, IViewerNegotiation viewer,
        CancellationToken cancellation)
    {
        string offer = await SubscribeAsync(handle, room, room.Publishers.Select(publisher => publisher.Feed), isFirst: true, cancellation);
        return await StartAsync(handle, viewer.Answer(offer), cancellation);
    }

    private static async Task<string> SubscribeAsync(JanusHandle handle, JanusRoom room, IEnumerable<long> feeds, bool isFirst,
        CancellationToken cancellation)
    {
        var request = new JsonObject { ["streams"] = new JsonArray([.. feeds.Select(feed => new JsonObject { ["feed"] = feed })]) };
        request["request"] = isFirst ? "join" : "subscribe";
        if (isFirst)
        {
            request["ptype"] = "subscriber";
            request["room"] = room.Id;
        }
        JanusAnswer offered = await handle.SendAsync(request, description: null, cancellation);
        return offered.Sdp ?? throw new JanusException($"Janus lets a viewer subscribe without a description: {offered.Data}");
    }

    private static Task<JanusAnswer> StartAsync(JanusHandle handle, string answer, CancellationToken cancellation) =>
        handle.SendAsync(new JsonObject { ["request"] = "start" }, new JanusDescription("answer", answer), cancellation);

    /// <summary>A handle with which something failed is of no further use.</summary>
    private async Task<T> WithHandleAsync<T>(JanusHandle handle, Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch
        {
            await _session.DetachAsync(handle);
            throw;
        }
    }
}
