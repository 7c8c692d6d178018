namespace MediaGateway.Server.Surfaces.LiveKit.Webhooks;

internal static partial class WebhookLog
{
    [LoggerMessage(601, LogLevel.Warning, "Webhook {Event} to {Host}, attempt {Attempt}: {Problem}")]
    public static partial void WebhookFailed(this ILogger logger, string @event, string host, int attempt, string problem);

    [LoggerMessage(602, LogLevel.Error, "Webhook {Event} to {Host} is given up; the next one says how many were not told")]
    public static partial void WebhookGivenUp(this ILogger logger, string @event, string host);

    [LoggerMessage(603, LogLevel.Warning, "More has changed than Control:EventHistory remembers: webhooks tell only what is different now")]
    public static partial void WebhooksFellBehind(this ILogger logger);
}
