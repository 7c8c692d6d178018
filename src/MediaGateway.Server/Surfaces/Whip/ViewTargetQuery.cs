using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;

namespace MediaGateway.Server.Surfaces.Whip;

/// <summary>
/// Query by which a viewer chooses what it watches, which WHEP does not define: <c>?source=ID</c> and <c>?quality=low</c>, <c>medium</c> or
/// <c>high</c>.
/// </summary>
internal static class ViewTargetQuery
{
    /// <exception cref="ContractException"><see cref="ErrorCode.InvalidRequest"/>.</exception>
    public static ViewTarget Read(IQueryCollection query) => new(
        query["source"].ToString(),
        query["quality"].ToString() switch
        {
            "" or "high" => MaxLayers.All,
            "medium" => MaxLayers.All with { Spatial = 1 },
            "low" => MaxLayers.All with { Spatial = 0 },
            _ => throw new ContractException(ErrorCode.InvalidRequest, "quality is low, medium or high."),
        });
}
