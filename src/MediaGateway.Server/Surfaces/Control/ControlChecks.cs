using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Fields of messages that several calls have. Each check throws a <see cref="ContractException"/>, InvalidArgument.</summary>
internal static class ControlChecks
{
    public const int MaxPageSize = 1_000;

    private const int DefaultPageSize = 100;

    /// <summary>A duration of at most 24 hours; null when it is absent.</summary>
    public static TimeSpan? Timeout(Duration? duration, string field)
    {
        if (duration is null)
            return null;
        // What is not normalized, or beyond all dates, cannot be converted.
        bool isReadable = duration.Seconds is >= 0 and <= 86_400 && duration.Nanos is >= 0 and <= 999_999_999;
        return Arguments.RequireTimeout(isReadable ? duration.ToTimeSpan() : TimeSpan.MinValue, field);
    }

    /// <summary>One page of what is ordered by name.</summary>
    /// <param name="items">All of it, in the order of the names.</param>
    /// <param name="names">Only these; empty for all.</param>
    /// <param name="pageSize">0 for the default.</param>
    /// <param name="pageToken">Of the page before; empty for the first.</param>
    /// <returns>The page, and the token of the next one; empty on the last.</returns>
    public static (IReadOnlyList<T> Page, string NextToken) Page<T>(
        IEnumerable<KeyValuePair<string, T>> items, IReadOnlyCollection<string> names, int pageSize, string pageToken)
    {
        string after = PageTokenOf(pageToken);
        int size = PageSize(pageSize);
        HashSet<string> wanted = [.. names];
        KeyValuePair<string, T>[] found =
        [
            .. items
                .Where(item => (wanted.Count == 0 || wanted.Contains(item.Key)) && string.CompareOrdinal(item.Key, after) > 0)
                .Take(size + 1),
        ];
        string next = found.Length > size ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(found[size - 1].Key)) : "";
        return ([.. found.Take(size).Select(item => item.Value)], next);
    }

    /// <summary>Returns the number of entries of a page.</summary>
    /// <param name="wanted">0 for the default.</param>
    public static int PageSize(int wanted) => wanted switch
    {
        0 => DefaultPageSize,
        > 0 and <= MaxPageSize => wanted,
        _ => throw Refusal.Invalid("page_size", $"page_size is 1 to {MaxPageSize}, or 0 for {DefaultPageSize}."),
    };

    /// <summary>The number that a page of what is numbered goes on below; the greatest one when there is no token.</summary>
    public static long SequenceOf(string pageToken)
    {
        if (pageToken.Length == 0)
            return long.MaxValue;
        return long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) ? sequence
            : throw NoPageToken();
    }

    private static ContractException NoPageToken() =>
        Refusal.Invalid("page_token", "page_token is none: send the next_page_token of the answer before, or nothing.");

    private static string PageTokenOf(string token)
    {
        if (!Base64Url.IsValid(token))
            throw NoPageToken();
        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
    }
}
