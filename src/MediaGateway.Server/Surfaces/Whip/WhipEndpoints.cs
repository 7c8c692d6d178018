namespace MediaGateway.Server.Surfaces.Whip;

/// <summary>The routes of WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep), which differ only in who sends the media.</summary>
internal static class WhipEndpoints
{
    public const string WhipPath = "/whip";

    public const string WhepPath = "/whep";

    public const string SdpType = "application/sdp";

    public const string FragmentType = "application/trickle-ice-sdpfrag";

    public static void MapWhip(this IEndpointRouteBuilder app)
    {
        WhipRequests requests = app.ServiceProvider.GetRequiredService<WhipRequests>();
        app.MapPost(WhipPath + "/{stream}", requests.PublishAsync);
        app.MapPost(WhepPath + "/{stream}", requests.WatchAsync);
        foreach (string path in (string[])[WhipPath, WhepPath])
        {
            app.MapMethods(path + "/{stream}", [HttpMethods.Options], DescribeEndpoint);
            app.MapPatch(path + "/sessions/{id}", requests.PatchAsync);
            app.MapDelete(path + "/sessions/{id}", requests.DeleteAsync);
            app.MapMethods(path + "/sessions/{id}", [HttpMethods.Options], DescribeSession);
        }
    }

    private static Task DescribeEndpoint(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.Allow = "POST, OPTIONS";
        context.Response.Headers["Accept-Post"] = SdpType;
        context.Response.Headers["Accept-Patch"] = FragmentType;
        return Task.CompletedTask;
    }

    private static Task DescribeSession(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.Allow = "PATCH, DELETE, OPTIONS";
        context.Response.Headers["Accept-Patch"] = FragmentType;
        return Task.CompletedTask;
    }
}
