using System.Net.WebSockets;
using System.Threading.Channels;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Queue of what one client is still to be told, and of how its connection ends. Any thread may add to it, a media worker too: adding
/// only queues. Encoding and sending happen on the pool, in two steps, so that the bytes that wait can be counted while
/// the client is not reading. A client for which too much waits is cut off; it may resume.
/// </summary>
internal sealed class SignalOutbox(SignalingOptions limits) : IParticipantObserver
{
    private readonly Channel<object> _waiting = Channel.CreateBounded<object>(Bounded(limits));
    private readonly Channel<OutgoingMessage> _encoded = Channel.CreateBounded<OutgoingMessage>(Bounded(limits));
    private readonly TaskCompletionSource<SignalEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _answersInText;
    private volatile ParticipantPermissions? _changedPermissions;

    /// <summary>Messages that go before any other; none once they have been encoded, since they describe the whole room.</summary>
    private IReadOnlyList<SignalResponse> _greeting = [];
    private long _bytes;

    /// <summary>The form in which the client last spoke.</summary>
    public bool AnswersInText
    {
        get => _answersInText;
        set => _answersInText = value;
    }

    /// <summary>Completes with the first reason to end.</summary>
    public Task<SignalEnd> Ended => _ended.Task;

    /// <summary>Permissions of the participant where they differ from its token's; null otherwise.</summary>
    public ParticipantPermissions? ChangedPermissions => _changedPermissions;

    /// <summary>Sets what goes before anything that waits already; to be called before <see cref="RunAsync"/>.</summary>
    public void Greet(params IReadOnlyList<SignalResponse> greeting) => _greeting = greeting;

    public void OnNotification(RoomNotification notification)
    {
        if (notification is RoomNotification.PermissionsChanged changed)
            _changedPermissions = changed.Permissions;
        else
            Enqueue(notification);
    }

    public void Post(SignalResponse response) => Enqueue(response);

    /// <summary>Ends the connection once what waits has been sent. The first reason wins.</summary>
    public void End(SignalEnd reason)
    {
        if (_ended.TrySetResult(reason))
            _waiting.Writer.TryComplete();
    }

    /// <summary>Sends everything, then the close frame. Returns when that is done or the connection is gone.</summary>
    /// <param name="socket">The connection.</param>
    public async Task RunAsync(WebSocket socket)
    {
        Task encoding = EncodeAsync();
        try
        {
            await SendAsync(socket);
        }
        catch (WebSocketException)
        {
            End(SignalEnd.ClosedByClient);
        }
        catch (OperationCanceledException)
        {
            // What an aborted socket throws.
            End(SignalEnd.ClosedByClient);
        }
        await encoding;
    }

    private void Enqueue(object item)
    {
        if (!_waiting.Writer.TryWrite(item))
            End(SignalEnd.TooSlow);
    }

    private async Task EncodeAsync()
    {
        try
        {
            foreach (SignalResponse response in _greeting)
                Encode(response);
            _greeting = [];
            await foreach (object item in _waiting.Reader.ReadAllAsync())
            {
                Encode(item);
                if (LastOf(item) is not { } end)
                    continue;
                End(end);
                break;
            }
        }
        finally
        {
            // Has ended already, unless a message could not be made; then there is nothing left to say.
            End(SignalEnd.ClosedByClient);
            _encoded.Writer.TryComplete();
        }
    }

    private void Encode(object item)
    {
        if (item is RoomNotification.Left { Token: { } token })
        {
            Encode(new SignalResponse { RefreshToken = token });
        }
        if ((item as SignalResponse ?? SignalResponses.From((RoomNotification)item)) is not { } response)
            return;
        bool asText = AnswersInText;
        byte[] payload = SignalCodec.Encode(response, asText);
        var message = new OutgoingMessage(payload, asText ? WebSocketMessageType.Text : WebSocketMessageType.Binary);
        if (Interlocked.Add(ref _bytes, payload.Length) > limits.MaxQueuedBytes || !_encoded.Writer.TryWrite(message))
            End(SignalEnd.TooSlow);
    }

    private static BoundedChannelOptions Bounded(SignalingOptions limits) => new(limits.MaxQueuedMessages) { SingleReader = true };

    /// <summary>The end of the connection that this item brings; null when it brings none.</summary>
    private static SignalEnd? LastOf(object item) => item switch
    {
        RoomNotification.Left => SignalEnd.Left,
        RoomNotification.Superseded => SignalEnd.Superseded,
        _ => null,
    };

    private async Task SendAsync(WebSocket socket)
    {
        await foreach (OutgoingMessage message in _encoded.Reader.ReadAllAsync())
        {
            // Drop the backlog of a client that does not read, so that the close frame can still be sent.
            if (!IsTooSlow)
                await socket.SendAsync(message.Payload, message.Type, endOfMessage: true, CancellationToken.None);
            Interlocked.Add(ref _bytes, -message.Payload.Length);
        }
        (WebSocketCloseStatus status, string reason) = SignalCloses.All[await Ended];
        await socket.CloseOutputAsync(status, reason, CancellationToken.None);
    }

    private bool IsTooSlow => Ended.IsCompletedSuccessfully && Ended.Result == SignalEnd.TooSlow;
}
