using System.Globalization;
using System.IO.Pipelines;
using System.Net.Mime;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>
/// One call of the Connect protocol while gRPC's server handles it: what that server takes for the HTTP response is this object, which
/// writes what it becomes to the real one.
/// </summary>
internal sealed class ConnectCall
    : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature, IHttpResetFeature, IRequestBodyPipeFeature, IDisposable
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";
    private const int MaxTimeoutDigits = 10;

    /// <summary>Headers of gRPC's own that are not metadata of the call.</summary>
    private static readonly string[] NotMetadata =
        [StatusHeader, MessageHeader, DetailsHeader, "Content-Type", "grpc-encoding", "grpc-accept-encoding", "Content-Length"];

    private readonly HttpContext _context;
    private readonly ConnectFormat _format;
    private readonly ConnectMethod _method;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpResponseTrailersFeature? _trailers;
    private readonly IHttpResetFeature? _reset;
    private readonly IRequestBodyPipeFeature _request;
    private readonly string _protocol;
    private readonly ConnectResponseWriter _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private Status? _failure;
    private bool _isEnded;

    public ConnectCall(HttpContext context, ConnectFormat format, ConnectMethod method)
    {
        _context = context;
        _format = format;
        _method = method;
        _response = context.Features.GetRequiredFeature<IHttpResponseFeature>();
        _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _trailers = context.Features.Get<IHttpResponseTrailersFeature>();
        _reset = context.Features.Get<IHttpResetFeature>();
        _request = context.Features.GetRequiredFeature<IRequestBodyPipeFeature>();
        _protocol = context.Request.Protocol;
        _writer = new ConnectResponseWriter(FlushAsync);
        Reader = _request.Reader;
    }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    public bool HasStarted { get; private set; }

    public Stream Body
    {
        get => Stream;
        set => throw new NotSupportedException();
    }

    public Stream Stream => _writer.AsStream();

    public PipeWriter Writer => _writer;

    public PipeReader Reader { get; private set; }

    /// <summary>Puts the request into gRPC's form.</summary>
    /// <param name="maxLength">Bytes of one message that are read at most.</param>
    /// <exception cref="RpcException">The timeout or the compression cannot be understood.</exception>
    public void Begin(int maxLength)
    {
        IHeaderDictionary headers = _context.Request.Headers;
        string compression = headers[_format.EncodingHeader].ToString();
        if (compression is not ("" or "identity" or "gzip"))
        {
            // Codings that are taken (RFC 9110 section 12.5.3). The status is the Connect protocol's own for it.
            _response.Headers[_format.IsStream ? "Connect-Accept-Encoding" : HeaderNames.AcceptEncoding] = "gzip, identity";
            throw new RpcException(
                new Status(Grpc.Core.StatusCode.Unimplemented, $"The compression {compression} is not known here; use gzip or identity."));
        }
        headers.Remove(_format.EncodingHeader);
        headers.Remove("grpc-encoding");
        headers.Remove("grpc-timeout");
        if (headers["Connect-Timeout-Ms"].ToString() is { Length: > 0 } timeout)
            headers["grpc-timeout"] = TimeoutOf(timeout);
        Reader = PipeReader.Create(new ConnectRequestStream(_request.Reader, _format, _method, compression == "gzip", maxLength));
        _context.Request.ContentType = "application/grpc";
        // gRPC's server takes no other version; nothing below it looks at this text.
        _context.Request.Protocol = HttpProtocol.Http2;
        _context.Features.Set<IHttpResponseFeature>(this);
        _context.Features.Set<IHttpResponseBodyFeature>(this);
        _context.Features.Set<IHttpResponseTrailersFeature>(this);
        _context.Features.Set<IHttpResetFeature>(this);
        _context.Features.Set<IRequestBodyPipeFeature>(this);
    }

    /// <summary>Ends the call with a status that does not come from gRPC's server.</summary>
    public void Fail(Status status) => _failure = status;

    /// <summary>Writes how the call ended, unless the deadline's timer has, and gives the real response back.</summary>
    public async Task EndAsync()
    {
        try
        {
            if (!_context.RequestAborted.IsCancellationRequested)
                await FinishAsync();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone meanwhile: there is nobody to answer.
            _context.Abort();
        }
        RestoreResponse();
        _context.Features.Set(_body);
        _context.Features.Set(_trailers);
        _context.Features.Set(_reset);
        _context.Features.Set(_request);
    }

    public void OnStarting(Func<object, Task> callback, object state) => _response.OnStarting(callback, state);

    public void OnCompleted(Func<object, Task> callback, object state) => _response.OnCompleted(callback, state);

    /// <summary>Does nothing: a call that ended early has its status, and its connection stays.</summary>
    public void Reset(int errorCode)
    {
    }

    public void DisableBuffering() => _body.DisableBuffering();

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (HasStarted)
            return;
        HasStarted = true;
        // A unary call's status decides on the HTTP status, so that its response starts at the end.
        if (!_format.IsStream)
            return;
        CopyMetadata();
        _response.Headers.ContentType = _format.ContentType;
        RestoreResponse();
        await _body.StartAsync(cancellationToken);
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>gRPC's server calls this once the deadline has passed, beside the handler that is still running.</summary>
    public async Task CompleteAsync()
    {
        await FinishAsync();
        await _body.CompleteAsync();
    }

    public void Dispose() => _writing.Dispose();

    private async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            await StartAsync(CancellationToken.None);
            if (!_format.IsStream || _isEnded)
                return default;
            WriteEnvelopes();
            return await _body.Writer.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task FinishAsync()
    {
        await _writing.WaitAsync();
        try
        {
            if (_isEnded)
                return;
            _isEnded = true;
            Status status = _failure ?? StatusOf(Trailers) ?? StatusOf(Headers)
                ?? new Status(Grpc.Core.StatusCode.Unknown, "The call has ended without a status.");
            if (_format.IsStream)
                await WriteEndAsync(status);
            else
                await WriteUnaryAsync(status);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task WriteEndAsync(Status status)
    {
        IReadOnlyDictionary<string, string[]> trailers = MetadataOf(HasStarted ? Trailers : Headers)
            .ToDictionary(pair => pair.Key, pair => pair.Value.OfType<string>().ToArray());
        Google.Rpc.Status? details = DetailsOf(HasStarted ? Trailers : Headers);
        if (!HasStarted)
            Headers.Clear();
        await StartAsync();
        WriteEnvelopes();
        await _body.Writer.WriteAsync(Envelope.Create(Envelope.EndOfStream, ConnectErrors.EndOfStream(status, details, trailers)));
    }

    private async Task WriteUnaryAsync(Status status)
    {
        foreach ((string key, StringValues values) in MetadataOf(HasStarted ? Trailers : Headers))
            _response.Headers.Append($"Trailer-{key}", values);
        if (HasStarted)
            CopyMetadata();
        byte[] body = _writer.TakeMessages() is [var message, ..] ? message : [];
        if (status.StatusCode == Grpc.Core.StatusCode.OK)
        {
            body = _format.IsJson ? _method.WriteResponse(body) : body;
            _response.Headers.ContentType = _format.ContentType;
        }
        else
        {
            body = ConnectErrors.Body(status, DetailsOf(HasStarted ? Trailers : Headers));
            _response.StatusCode = ConnectErrors.HttpStatusOf(status.StatusCode);
            _response.Headers.ContentType = MediaTypeNames.Application.Json;
        }
        _response.Headers.ContentLength = body.Length;
        RestoreResponse();
        await _body.Writer.WriteAsync(body);
    }

    private void WriteEnvelopes()
    {
        foreach (byte[] message in _writer.TakeMessages())
        {
            byte[] envelope = Envelope.Create(0, _format.IsJson ? _method.WriteResponse(message) : message);
            envelope.CopyTo(_body.Writer.GetSpan(envelope.Length));
            _body.Writer.Advance(envelope.Length);
        }
    }

    private void CopyMetadata()
    {
        foreach ((string key, StringValues values) in MetadataOf(Headers))
            _response.Headers.Append(key, values);
    }

    /// <summary>
    /// Restores the response before it starts, so that code that waits for the start, as CORS does, finds the headers that will be sent.
    /// </summary>
    private void RestoreResponse()
    {
        _context.Request.Protocol = _protocol;
        _context.Features.Set(_response);
    }

    private static IEnumerable<KeyValuePair<string, StringValues>> MetadataOf(IHeaderDictionary headers) =>
        headers.Where(pair => !NotMetadata.Contains(pair.Key, StringComparer.OrdinalIgnoreCase));

    private static Status? StatusOf(IHeaderDictionary fields) =>
        int.TryParse(fields[StatusHeader].ToString(), CultureInfo.InvariantCulture, out int code)
        ? new Status((StatusCode)code, Uri.UnescapeDataString(fields[MessageHeader].ToString()))
        : null;

    private static Google.Rpc.Status? DetailsOf(IHeaderDictionary fields)
    {
        string text = fields[DetailsHeader].ToString();
        return text.Length == 0 ? null
            : Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
    }

    /// <summary>Up to ten digits of milliseconds as gRPC's header, which has eight digits and a unit.</summary>
    private static string TimeoutOf(string milliseconds)
    {
        if (milliseconds.Length > MaxTimeoutDigits
            || !long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            throw new RpcException(
                new Status(Grpc.Core.StatusCode.InvalidArgument, "Connect-Timeout-Ms is not a number of up to ten digits."));
        return value < 100_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{value}m")
            : string.Create(CultureInfo.InvariantCulture, $"{value / 1000}S");
    }
}
