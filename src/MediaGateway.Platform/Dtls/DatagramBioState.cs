namespace MediaGateway.Platform.Dtls;

/// <summary>
/// What one connection's BIO knows, in native memory: no GC handle leads from native code to a managed object.
/// Owner: the BIO, which its SSL owns. <see cref="Input"/> and <see cref="Outbox"/> are borrowed for one call.
/// </summary>
internal unsafe struct DatagramBioState
{
    /// <summary>The datagram to read; null once read.</summary>
    public byte* Input;
    public int InputLength;

    /// <summary>What libssl writes; without capacity outside a call.</summary>
    public DatagramOutbox Outbox;

    /// <summary>How many <see cref="OpenSslCall"/>s are under way, one inside the other.</summary>
    public int Calls;

    /// <summary>The record buffers exist during calls only.</summary>
    public bool LendsBuffers;

    /// <summary>IP and UDP header bytes that libssl subtracts from a link MTU.</summary>
    public int Overhead;

    /// <summary>{seconds, microseconds}: libssl's own live deadline in OpenSSL 3.0; zeroes when no timer runs.</summary>
    public nint* Deadline;

    /// <summary>Counts the flights that began a timer, to tell a new flight from a repeated one.</summary>
    public uint Flights;

    public DtlsClock Clock;

    /// <summary>In microseconds; for <see cref="DtlsClock.Library"/>.</summary>
    public uint FirstTimeout;
    public uint MaxTimeout;
}
