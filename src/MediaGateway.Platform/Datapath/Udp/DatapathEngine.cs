namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>The system calls that a worker uses for its sockets.</summary>
public enum DatapathEngine
{
    /// <summary><see cref="Mmsg"/> where the system has it, else <see cref="Portable"/>.</summary>
    Automatic,

    /// <summary>recvmmsg and sendmmsg: one system call for many datagrams, on 64-bit Linux.</summary>
    Mmsg,

    /// <summary>The base library's sockets: one system call for each datagram, on every system.</summary>
    Portable,
}
