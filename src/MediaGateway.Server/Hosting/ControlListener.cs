using MediaGateway.Server.Options;
using MediaGateway.Server.Surfaces.Control;
using MediaGateway.Server.Surfaces.LiveKit.Twirp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaGateway.Server.Hosting;

/// <summary>Keeps the control API, and LiveKit's server API, to listeners of their own when the public one is not to serve them.</summary>
internal static class ControlListener
{
    /// <summary>Marks the connections of an endpoint as those of a control listener.</summary>
    public static void Mark(ListenOptions endpoint) => endpoint.Use(next => connection =>
    {
        connection.Features.Set(ControlConnection.Instance);
        return next(connection);
    });

    /// <summary>Answers calls of the control API that come by the public listener as if there were no such thing.</summary>
    public static void UseControlListener(this IApplicationBuilder app, ControlOptions options)
    {
        if (options.Public)
            return;
        app.Use((context, next) =>
        {
            bool isControl = ControlServices.IsControl(context.Request.Path) || TwirpEndpoints.IsTwirp(context.Request.Path);
            if (!isControl || context.Features.Get<ControlConnection>() is not null)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    private sealed class ControlConnection
    {
        public static readonly ControlConnection Instance = new();
    }
}
