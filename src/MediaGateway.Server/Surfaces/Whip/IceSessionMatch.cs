using MediaGateway.Server.Contracts;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MediaGateway.Server.Surfaces.Whip;

/// <summary>
/// Meaning of If-Match. In a PATCH (RFC 9725 section 4.3.1) <c>*</c> restarts ICE, the current entity tag adds candidates to the ICE
/// session it names, and anything else is refused. In a DELETE, which needs none, it is the condition of RFC 9110 section 13.1.1.
/// </summary>
internal static class IceSessionMatch
{
    /// <summary>RFC 9725 sets the star in quotation marks, and clients send what they read. No tag of ours is a star.</summary>
    private const string QuotedStar = "\"*\"";

    /// <returns>True for a restart, false for candidates of the current ICE session.</returns>
    /// <exception cref="ContractException">IfMatchRequired, InvalidRequest or StaleETag.</exception>
    public static bool IsRestart(StringValues ifMatch, string currentETag)
    {
        if (StringValues.IsNullOrEmpty(ifMatch))
        {
            throw new ContractException(
                ErrorCode.IfMatchRequired,
                "Send If-Match: the session's ETag to add candidates, * to restart ICE (RFC 9725 section 4.3.1).");
        }
        return MatchesAny(ifMatch, currentETag);
    }

    /// <summary>Lets a request pass that names no entity tag, any of them, or the current one.</summary>
    /// <exception cref="ContractException">InvalidRequest or StaleETag.</exception>
    public static void Require(StringValues ifMatch, string currentETag)
    {
        if (!StringValues.IsNullOrEmpty(ifMatch))
            MatchesAny(ifMatch, currentETag);
    }

    /// <returns>True for a star, false for the current entity tag.</returns>
    private static bool MatchesAny(StringValues ifMatch, string currentETag)
    {
        if (!EntityTagHeaderValue.TryParseList(ifMatch, out IList<EntityTagHeaderValue>? tags))
            throw new ContractException(ErrorCode.InvalidRequest, "If-Match is not a list of entity tags (RFC 9110 section 13.1.1).");
        if (tags is [{ } only] && (only.Equals(EntityTagHeaderValue.Any) || only.Tag == QuotedStar))
            return true;
        EntityTagHeaderValue current = new(Quote(currentETag));
        if (!tags.Any(tag => tag.Compare(current, useStrongComparison: true)))
            throw new ContractException(ErrorCode.StaleETag, "ICE has been restarted since: If-Match names an ICE session that is over.");
        return false;
    }

    /// <summary>An entity tag as headers carry it.</summary>
    public static string Quote(string etag) => $"\"{etag}\"";
}
