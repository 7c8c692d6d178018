using System.Runtime.InteropServices;

namespace MediaGateway.Platform.Interop;

/// <summary>Owns one SSL, and through it the BIO and the BIO's native state: freed once, in that order.</summary>
internal sealed class SafeSslHandle : SafeHandle
{
    public SafeSslHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        return true;
    }
}
