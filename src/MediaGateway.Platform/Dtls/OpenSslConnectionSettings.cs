using MediaGateway.Rtc.Dtls;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// The settings that each SSL of one endpoint is made with, also when the endpoint starts over. <paramref name="SrtpProfiles"/>
/// are OpenSSL's names of <see cref="DtlsOptions.Profiles"/>, joined by colons.
/// </summary>
internal sealed record OpenSslConnectionSettings(DtlsRole Role, DtlsOptions Options, string SrtpProfiles, DtlsClock Clock);
