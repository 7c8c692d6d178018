namespace MediaGateway.Server.Options;

/// <summary>UDP engine that moves the media.</summary>
internal enum MediaDatapath
{
    /// <summary>The batched Linux one where the kernel has what it needs, else the portable one.</summary>
    Auto,
    Linux,
    Portable,
}
