using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using MediaGateway.Grpc.Server;

namespace MediaGateway.Grpc.Client;

/// <summary>One call of a client: its messages out, its messages in, its status.</summary>
internal sealed class HttpClientCall<TRequest, TResponse> : IAsyncStreamReader<TResponse>, IClientStreamWriter<TRequest>, IDisposable
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _options;
    private readonly int _maxReceive;
    private readonly MessageCodec<TRequest> _requests;
    private readonly MessageCodec<TResponse> _responses;
    private readonly CancellationTokenSource _cancellation;
    private readonly CancellationTokenSource? _deadline;
    private readonly Pipe _body = new();
    private Task<HttpResponseMessage>? _response;
    private FrameReader? _frames;
    private TResponse? _current;
    private Status? _status;

    public HttpClientCall(Method<TRequest, TResponse> method, CallOptions options, int maxReceive)
    {
        _method = method;
        _options = options;
        _maxReceive = maxReceive;
        _requests = new MessageCodec<TRequest>(method.RequestMarshaller);
        _responses = new MessageCodec<TResponse>(method.ResponseMarshaller);
        if (options.Deadline is { } deadline)
            _deadline = new CancellationTokenSource(TimeSpan.FromTicks(Math.Clamp((deadline.ToUniversalTime() - DateTime.UtcNow).Ticks, 0, CallTimeout.Longest.Ticks)));
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, _deadline?.Token ?? CancellationToken.None);
    }

    public TResponse Current => _current ?? throw new InvalidOperationException("There is no current message.");

    public WriteOptions? WriteOptions { get; set; }

    public Metadata Trailers { get; } = [];

    public Status Status => _status ?? throw new InvalidOperationException("The call has not ended.");

    public Task<Metadata> Headers { get; private set; } = Task.FromResult(Metadata.Empty);

    public void Start(HttpClient http, TRequest? request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, _method.FullName)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new PipeContent(_body.Reader),
        };
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (_options.Deadline is { } deadline)
            message.Headers.Add("grpc-timeout", TimeoutOf(deadline));
        foreach (Metadata.Entry header in _options.Headers ?? Metadata.Empty)
            message.Headers.TryAddWithoutValidation(header.Key, HeaderMetadata.TextOf(header));
        _response = http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, _cancellation.Token);
        Headers = ReadHeadersAsync(_response);
        if (request is not null)
            _ = WriteOnlyAsync(request);
    }

    public async Task WriteAsync(TRequest message)
    {
        byte[] payload = _requests.Serialize(message, isJson: false);
        Memory<byte> frame = _body.Writer.GetMemory(FrameReader.HeaderLength + payload.Length);
        frame.Span[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.Span[1..], (uint)payload.Length);
        payload.CopyTo(frame[FrameReader.HeaderLength..]);
        _body.Writer.Advance(FrameReader.HeaderLength + payload.Length);
        FlushResult result = await _body.Writer.FlushAsync(_cancellation.Token);
        if (result.IsCompleted)
            throw new RpcException(_status ?? new Status(StatusCode.Cancelled, "The call has ended."));
    }

    public async Task CompleteAsync() => await _body.Writer.CompleteAsync();

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await _response!.WaitAsync(cancellationToken);
            _frames ??= await OpenAsync(response);
            byte[]? payload = await _frames.ReadAsync(_cancellation.Token).AsTask().WaitAsync(cancellationToken);
            _current = payload is null ? null : _responses.Deserialize(payload, isJson: false);
            if (payload is not null)
                return true;
            End(response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers);
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or IOException)
        {
            _status ??= StatusOf(failure);
        }
        return _status is { StatusCode: StatusCode.OK } ? false : throw new RpcException(_status!.Value, Trailers);
    }

    public async Task<TResponse> ReadOnlyAsync()
    {
        if (!await MoveNext(CancellationToken.None))
            throw new RpcException(new Status(StatusCode.Internal, "The answer has no message."));
        TResponse response = Current;
        return await MoveNext(CancellationToken.None) ? throw new RpcException(new Status(StatusCode.Internal, "The answer has more than one message.")) : response;
    }

    public void Dispose()
    {
        _cancellation.Cancel();
        _body.Writer.Complete();
        // Once the headers are there, only this resets the stream.
        if (_response is { IsCompletedSuccessfully: true })
            _response.Result.Dispose();
        _cancellation.Dispose();
        _deadline?.Dispose();
    }

    private async Task WriteOnlyAsync(TRequest request)
    {
        try
        {
            await WriteAsync(request);
            await CompleteAsync();
        }
        catch (Exception ended) when (ended is RpcException or OperationCanceledException)
        {
            // Whoever reads the answer is told why.
        }
    }

    private async Task<FrameReader> OpenAsync(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            _status = new Status(StatusCode.Unavailable, $"The server answered with HTTP status {(int)response.StatusCode}, not with gRPC.");
            throw new RpcException(_status.Value);
        }
        return new FrameReader(PipeReader.Create(await response.Content.ReadAsStreamAsync(_cancellation.Token)), isGzip: false, _maxReceive);
    }

    private void End(HttpResponseHeaders fields)
    {
        foreach ((string name, IEnumerable<string> values) in fields.NonValidated.Select(field => (field.Key.ToLowerInvariant(), field.Value.AsEnumerable())))
        {
            if (!name.StartsWith("grpc-", StringComparison.Ordinal) && !name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
                values.ToList().ForEach(value => Trailers.Add(name, value));
        }
        bool isNumber = int.TryParse(First(fields, "grpc-status"), NumberStyles.None, CultureInfo.InvariantCulture, out int code);
        _status = isNumber
            ? new Status((StatusCode)code, StatusText.Decode(First(fields, "grpc-message")))
            : new Status(StatusCode.Unknown, "The answer has no status.");
    }

    private static string First(HttpResponseHeaders fields, string name) => fields.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : "";

    private static async Task<Metadata> ReadHeadersAsync(Task<HttpResponseMessage> response)
    {
        var metadata = new Metadata();
        try
        {
            foreach ((string name, IEnumerable<string> values) in (await response).Headers)
            {
                if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
                    values.ToList().ForEach(value => metadata.Add(name.ToLowerInvariant(), value));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException)
        {
            // Whoever reads the answer is told why.
        }
        return metadata;
    }

    private Status StatusOf(Exception failure)
    {
        if (_deadline?.IsCancellationRequested == true)
            return new Status(StatusCode.DeadlineExceeded, "The deadline has passed.", failure);
        return failure is OperationCanceledException
            ? new Status(StatusCode.Cancelled, "The call was cancelled.", failure)
            : new Status(StatusCode.Unavailable, $"The server cannot be reached: {failure.Message}", failure);
    }

    private static string TimeoutOf(DateTime deadline)
    {
        long milliseconds = Math.Max(1, (long)(deadline.ToUniversalTime() - DateTime.UtcNow).TotalMilliseconds);
        return milliseconds < 100_000_000
            ? milliseconds.ToString(CultureInfo.InvariantCulture) + "m"
            : Math.Min(milliseconds / 1000, 99_999_999).ToString(CultureInfo.InvariantCulture) + "S";
    }
}
