namespace MediaGateway.LoadTester.Servers;

/// <summary>Janus is not there, ended, refused something, or did not answer; the message says what and why.</summary>
internal sealed class JanusException : Exception
{
    public JanusException(string message)
        : base(message)
    {
    }

    public JanusException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
