namespace MediaGateway.Platform.Dtls;

/// <summary>Version of the OpenSSL library in use.</summary>
public readonly record struct OpenSslVersion(int Major, int Minor, int Patch) : IComparable<OpenSslVersion>
{
    /// <summary>Decodes OpenSSL_version_num(): 0xMNN00PP0 since OpenSSL 3.0.</summary>
    public static OpenSslVersion FromNumber(ulong number) =>
        new((int)(number >> 28) & 0xF, (int)(number >> 20) & 0xFF, (int)(number >> 4) & 0xFF);

    public static bool operator <(OpenSslVersion a, OpenSslVersion b) => a.CompareTo(b) < 0;

    public static bool operator >(OpenSslVersion a, OpenSslVersion b) => a.CompareTo(b) > 0;

    public static bool operator <=(OpenSslVersion a, OpenSslVersion b) => a.CompareTo(b) <= 0;

    public static bool operator >=(OpenSslVersion a, OpenSslVersion b) => a.CompareTo(b) >= 0;

    public int CompareTo(OpenSslVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}
