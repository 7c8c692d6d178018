using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace MediaGateway.Grpc.Server;

/// <summary>
/// One call over HTTP. Its status is written by its own flow alone, never by a timer beside it: a deadline only cancels.
/// </summary>
internal sealed class HttpServerCall(HttpContext http, WireFormat format, GrpcServiceOptions options, TimeProvider clock) : ServerCallContext, IAsyncDisposable
{
    private const byte EndOfStreamFlag = 2;
    private const byte TrailersFlag = 0x80;

    /// <summary>How long what a client still sends is read and thrown away: resets would count against the whole connection.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly int _maxReceive = options.MaxReceiveMessageSize ?? int.MaxValue;
    private readonly CancellationTokenSource _cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
    private readonly SemaphoreSlim _writing = new(1);
    private CancellationTokenSource? _deadlineTimer;
    private CancellationTokenRegistration _deadlineReached;
    private FrameReader? _frames;
    private DateTime _deadline = DateTime.MaxValue;
    private Metadata? _requestHeaders;
    private byte[]? _unaryResponse;
    private bool _hasReadUnary;
    private volatile bool _isPastDeadline;

    public HttpContext HttpContext => http;

    public bool IsPastDeadline => _isPastDeadline;

    protected override string MethodCore => http.Request.Path.Value ?? "";

    protected override string HostCore => http.Request.Host.Value ?? "";

    protected override string PeerCore => http.Connection.RemoteIpAddress is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } address
        ? $"ipv6:[{address}]:{http.Connection.RemotePort}"
        : $"ipv4:{http.Connection.RemoteIpAddress}:{http.Connection.RemotePort}";

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= HeaderMetadata.Read(http.Request.Headers);

    protected override CancellationToken CancellationTokenCore => _cancellation.Token;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    /// <exception cref="RpcException">The timeout or the compression cannot be read.</exception>
    public void Begin()
    {
        http.Response.ContentType = http.Request.ContentType;
        SetDeadline();
        IHeaderDictionary headers = http.Request.Headers;
        string compression = headers[format.Protocol switch
        {
            WireProtocol.ConnectUnary => "Content-Encoding",
            WireProtocol.ConnectStream => "Connect-Content-Encoding",
            _ => "grpc-encoding",
        }].ToString();
        if (compression is not ("" or "identity" or "gzip"))
        {
            http.Response.Headers["grpc-accept-encoding"] = "identity,gzip";
            throw new RpcException(new Status(StatusCode.Unimplemented, $"The compression {compression} is not known here; use gzip or identity."));
        }
        PipeReader body = format.Protocol == WireProtocol.GrpcWebText
            ? PipeReader.Create(new CryptoStream(http.Request.Body, new FromBase64Transform(), CryptoStreamMode.Read))
            : http.Request.BodyReader;
        _frames = new FrameReader(body, compression == "gzip", _maxReceive);
    }

    /// <summary>The next message of the client; null at the end.</summary>
    public async ValueTask<T?> ReadAsync<T>(MessageCodec<T> codec)
        where T : class
    {
        byte[]? payload = format.Protocol == WireProtocol.ConnectUnary
            ? await ReadBodyAsync()
            : await _frames!.ReadAsync(CancellationToken);
        return payload is null ? null : codec.Deserialize(payload, format.IsJson);
    }

    /// <summary>The one message of a call whose client sends one.</summary>
    public async Task<T> ReadOnlyAsync<T>(MessageCodec<T> codec)
        where T : class
    {
        T message = await ReadAsync(codec) ?? throw new RpcException(new Status(StatusCode.Internal, "The request has no message."));
        return format.Protocol == WireProtocol.ConnectUnary || await _frames!.ReadAsync(CancellationToken) is null
            ? message
            : throw new RpcException(new Status(StatusCode.Internal, "The request has more than the one message."));
    }

    public async Task WriteAsync<T>(MessageCodec<T> codec, T message)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        byte[] payload = codec.Serialize(message, format.IsJson);
        if (payload.Length > (options.MaxSendMessageSize ?? int.MaxValue))
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The answer is longer than {options.MaxSendMessageSize} bytes."));
        if (format.Protocol == WireProtocol.ConnectUnary)
        {
            _unaryResponse = payload;
            return;
        }
        CancellationToken.ThrowIfCancellationRequested();
        await WriteFrameAsync(0, payload).WaitAsync(CancellationToken);
    }

    /// <summary>Tells the client how the call ended.</summary>
    public async Task FinishAsync(Status status)
    {
        if (http.RequestAborted.IsCancellationRequested)
            return;
        try
        {
            await WriteStatusAsync(status);
            await http.Response.CompleteAsync();
            await DrainAsync();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone meanwhile: there is nobody to tell.
            http.Abort();
        }
    }

    public ValueTask DisposeAsync()
    {
        _deadlineReached.Dispose();
        _deadlineTimer?.Dispose();
        _cancellation.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        foreach (Metadata.Entry header in responseHeaders)
            http.Response.Headers.Append(header.Key, HeaderMetadata.TextOf(header));
        return format.Protocol == WireProtocol.ConnectUnary ? Task.CompletedTask : http.Response.StartAsync(CancellationToken);
    }

    private void SetDeadline()
    {
        string text = http.Request.Headers[format.IsConnect ? "Connect-Timeout-Ms" : "grpc-timeout"].ToString();
        if (text.Length == 0)
            return;
        TimeSpan timeout;
        if (format.IsConnect ? !CallTimeout.TryParseConnect(text, out timeout) : !CallTimeout.TryParseGrpc(text, out timeout))
            throw new RpcException(new Status(format.IsConnect ? StatusCode.InvalidArgument : StatusCode.Internal, "The timeout is none."));
        _deadline = clock.GetUtcNow().UtcDateTime + timeout;
        _deadlineTimer = new CancellationTokenSource(timeout, clock);
        _deadlineReached = _deadlineTimer.Token.Register(() =>
        {
            _isPastDeadline = true;
            _cancellation.Cancel();
        });
    }

    private async Task<byte[]?> ReadBodyAsync()
    {
        if (_hasReadUnary)
            return null;
        _hasReadUnary = true;
        using var body = new MemoryStream();
        byte[] chunk = new byte[16 * 1024];
        for (int read = await http.Request.Body.ReadAsync(chunk, CancellationToken); read > 0; read = await http.Request.Body.ReadAsync(chunk, CancellationToken))
        {
            if (body.Length + read > _maxReceive)
                throw FrameReader.TooLong(_maxReceive);
            body.Write(chunk, 0, read);
        }
        return http.Request.Headers.ContentEncoding == "gzip" ? FrameReader.Decompress(body.ToArray(), _maxReceive) : body.ToArray();
    }

    /// <summary>A flush is never cancelled, which would reset the stream: only the wait for it is.</summary>
    private async Task WriteFrameAsync(byte flags, byte[] payload)
    {
        byte[] frame = new byte[FrameReader.HeaderLength + payload.Length];
        frame[0] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)payload.Length);
        payload.CopyTo(frame, FrameReader.HeaderLength);
        if (format.Protocol == WireProtocol.GrpcWebText)
            frame = Base64Of(frame);
        await _writing.WaitAsync();
        try
        {
            await http.Response.BodyWriter.WriteAsync(frame);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static byte[] Base64Of(byte[] frame)
    {
        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(frame.Length)];
        Base64.EncodeToUtf8(frame, text, out _, out int written);
        return text[..written];
    }

    private Task WriteStatusAsync(Status status) => format.Protocol switch
    {
        WireProtocol.Grpc => WriteTrailersAsync(status),
        WireProtocol.ConnectUnary => WriteUnaryAsync(status),
        WireProtocol.ConnectStream => WriteFrameAsync(EndOfStreamFlag, ConnectErrors.EndOfStream(status, ResponseTrailers)),
        _ => WriteFrameAsync(TrailersFlag, WebTrailers(status)),
    };

    private async Task WriteTrailersAsync(Status status)
    {
        await _writing.WaitAsync();
        bool areHeaders = !http.Response.HasStarted;
        foreach ((string key, string value) in StatusFields(status))
        {
            if (areHeaders)
                http.Response.Headers.Append(key, value);
            else
                http.Response.AppendTrailer(key, value);
        }
    }

    private byte[] WebTrailers(Status status)
    {
        var text = new StringBuilder();
        foreach ((string key, string value) in StatusFields(status))
            text.Append(key).Append(": ").Append(value).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private IEnumerable<(string Key, string Value)> StatusFields(Status status)
    {
        yield return ("grpc-status", ((int)status.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (status.Detail.Length > 0)
            yield return ("grpc-message", StatusText.Encode(status.Detail));
        foreach (Metadata.Entry trailer in ResponseTrailers)
            yield return (trailer.Key, HeaderMetadata.TextOf(trailer));
    }

    private async Task WriteUnaryAsync(Status status)
    {
        foreach (Metadata.Entry trailer in ResponseTrailers)
            http.Response.Headers.Append($"Trailer-{trailer.Key}", HeaderMetadata.TextOf(trailer));
        byte[] body = _unaryResponse ?? [];
        if (status.StatusCode != StatusCode.OK)
        {
            http.Response.StatusCode = ConnectErrors.HttpStatusOf(status.StatusCode);
            http.Response.ContentType = "application/json";
            body = ConnectErrors.Body(status);
        }
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body);
    }

    private async Task DrainAsync()
    {
        if (format.Protocol != WireProtocol.Grpc || _frames is null)
            return;
        using var limit = new CancellationTokenSource(DrainTime, clock);
        await _frames.DrainAsync(limit.Token);
    }
}
