using System.Security.Cryptography;
using Google.Protobuf;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Admission;

/// <summary>
/// Commands that were given under a request id: a repeat gets the first one's answer, its failure too, without being carried
/// out again. Bounded in number and age.
/// </summary>
internal sealed class AnsweredRequests(TimeProvider clock, RepeatMetrics metrics)
{
    public const int MaxIdLength = 64;
    public const int MaxRemembered = 10_000;

    /// <summary>Greatest total size of remembered requests, bytes; their answers are about as long.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Caller, string Id), Answer> _answers = [];
    private readonly Queue<((string Caller, string Id) Key, long At, int Bytes)> _order = new();
    private long _bytes;

    /// <exception cref="ContractException">The id is too long, or was used for another request.</exception>
    public async Task<T> AnswerAsync<T>(Caller caller, string method, string requestId, IMessage request, Func<Task<T>> carryOut)
        where T : class
    {
        if (requestId.Length == 0)
            return await carryOut();
        if (requestId.Length > MaxIdLength)
            throw Refusal.Invalid("request_id", $"request_id has {MaxIdLength} characters at most.");
        byte[] content = request.ToByteArray();
        string fingerprint = $"{method} {Convert.ToHexString(SHA256.HashData(content))}";
        Answer answer;
        lock (_lock)
        {
            Forget();
            var key = ($"{caller.ApiKey} {caller.Identity}", requestId);
            if (!_answers.TryGetValue(key, out Answer? known))
            {
                known = new Answer(fingerprint, new Lazy<Task<object>>(async () => await carryOut()));
                _answers.Add(key, known);
                _order.Enqueue((key, clock.GetTimestamp(), content.Length));
                _bytes += content.Length;
            }
            answer = known;
        }
        if (answer.Fingerprint != fingerprint)
            throw Refusal.Invalid("request_id",
                $"request_id {requestId} was used for another request; give each command an id of its own.");
        return (T)await answer.Result.Value;
    }

    private void Forget()
    {
        while (_order.TryPeek(out var first))
        {
            bool isOld = clock.GetElapsedTime(first.At) > MaxAge;
            if (!isOld && _order.Count < MaxRemembered && _bytes <= MaxBytes)
                return;
            if (!isOld)
                metrics.Forgotten();
            _order.Dequeue();
            _answers.Remove(first.Key);
            _bytes -= first.Bytes;
        }
    }

    private sealed record Answer(string Fingerprint, Lazy<Task<object>> Result);
}
