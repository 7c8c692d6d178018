using MediaGateway.Platform.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>A test of retransmission in virtual time, which only OpenSSL 3.0.x allows (see DtlsClock).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CallerClockFactAttribute : FactAttribute
{
    public CallerClockFactAttribute()
    {
        if (OpenSslRuntime.Version is not { Major: 3, Minor: 0 })
            Skip = $"OpenSSL {OpenSslRuntime.Version} retransmits by the wall clock only.";
    }
}
