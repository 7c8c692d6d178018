namespace MediaGateway.Server.Contracts;

/// <summary>Why the control API does not do what it is asked. One status each in every protocol.</summary>
internal enum ControlError
{
    InvalidArgument,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    FailedPrecondition,
    Aborted,
    ResourceExhausted,
    Unavailable,
}
