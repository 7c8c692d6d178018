using System.Runtime.InteropServices;

namespace MediaGateway.Platform.Interop;

/// <summary>Owns one SSL_CTX reference. Each SSL holds its own, so this may be freed while connections live.</summary>
internal sealed class SafeSslContextHandle : SafeHandle
{
    public SafeSslContextHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
