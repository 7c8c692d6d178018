namespace MediaGateway.Platform.Dtls;

/// <summary>OpenSSL 3 can't be loaded on this machine; the message says what to install. Thrown at start-up only.</summary>
public sealed class OpenSslUnavailableException : Exception
{
    public OpenSslUnavailableException()
    {
    }

    public OpenSslUnavailableException(string message)
        : base(message)
    {
    }

    public OpenSslUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
