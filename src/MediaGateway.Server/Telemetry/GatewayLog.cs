using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Telemetry;

/// <summary>Everything the server itself logs. Event ids are stable.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Information, "{Kind} session opened from {Source}")]
    public static partial void SessionOpened(this ILogger logger, SessionKind kind, RedactedAddress source);

    [LoggerMessage(2, LogLevel.Information, "{Kind} session closed by its client")]
    public static partial void SessionClosedByClient(this ILogger logger, SessionKind kind);

    [LoggerMessage(3, LogLevel.Information, "ICE restarted")]
    public static partial void IceRestarted(this ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "Started in environment {EnvironmentName}; signaling listens on {Urls}")]
    public static partial void Started(this ILogger logger, string environmentName, string urls);

    [LoggerMessage(5, LogLevel.Information, "Joined as {Sid} from {Source}")]
    public static partial void ParticipantJoined(this ILogger logger, ParticipantSid sid, RedactedAddress source);

    [LoggerMessage(6, LogLevel.Information, "Signaling of {Sid} resumed")]
    public static partial void ParticipantResumed(this ILogger logger, ParticipantSid sid);

    [LoggerMessage(7, LogLevel.Information, "Signaling ended: {End}")]
    public static partial void SignalingEnded(this ILogger logger, SignalEnd end);

    [LoggerMessage(10, LogLevel.Information, "Draining: no new sessions; waiting up to {GraceSeconds} s for the present ones to end")]
    public static partial void DrainStarted(this ILogger logger, int graceSeconds);

    [LoggerMessage(11, LogLevel.Information, "Drained")]
    public static partial void Drained(this ILogger logger);

    [LoggerMessage(12, LogLevel.Warning, "The grace period ended before every session did; the rest was cut off")]
    public static partial void GraceEnded(this ILogger logger);

    [LoggerMessage(13, LogLevel.Information, "The certificate of {Subject} is in use, good until {NotAfter:u}")]
    public static partial void CertificateRead(this ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(14, LogLevel.Error, "The certificate has changed and cannot be read, so the one before stays in use: {Problem}")]
    public static partial void CertificateUnreadable(this ILogger logger, string problem);

    [LoggerMessage(15, LogLevel.Information, "Told by SIGHUP to read files again")]
    public static partial void HungUp(this ILogger logger);

    [LoggerMessage(16, LogLevel.Error, "Background work failed: {Task} ({Suppressed} more in the last second)")]
    public static partial void BackgroundFailed(this ILogger logger, string task, int suppressed, Exception failure);
}
