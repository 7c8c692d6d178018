namespace MediaGateway.Platform.Dtls;

/// <summary>
/// The state of one connection's BIO, in native memory: no GC handle leads from native code to a managed object.
/// Owner: the BIO, which its SSL owns. <see cref="Input"/> and <see cref="Outbox"/> are borrowed for one call.
/// </summary>
internal unsafe struct DatagramBioState
{
    /// <summary>The datagram to read; null once read.</summary>
    public byte* Input;
    public int InputLength;

    /// <summary>Takes the datagrams that libssl writes; has no capacity outside a call.</summary>
    public DatagramOutbox Outbox;

    /// <summary>Number of <see cref="OpenSslCall"/>s under way, one inside the other.</summary>
    public int Calls;

    /// <summary>True when the record buffers exist during calls only.</summary>
    public bool LendsBuffers;

    /// <summary>IP and UDP header bytes that libssl subtracts from a link MTU.</summary>
    public int Overhead;

    /// <summary>{seconds, microseconds}: libssl's own live deadline in OpenSSL 3.0; zeroes when no timer runs.</summary>
    public nint* Deadline;

    /// <summary>Counts the flights that began a timer, to tell a new flight from a repeated one.</summary>
    public uint Flights;

    public DtlsClock Clock;

    /// <summary>Time left until libssl's own timer is due, microseconds; used with <see cref="DtlsClock.Library"/>.</summary>
    public uint FirstTimeout;
    public uint MaxTimeout;
}
