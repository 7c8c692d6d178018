using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>The media workers and their UDP sockets.</summary>
internal sealed record MediaOptions
{
    /// <summary>UDP port of the first worker; worker n listens on Port + n. 0 lets the system choose.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 7882;

    /// <summary>Media workers: one thread and one UDP port each.</summary>
    [Range(1, 256)]
    public int Workers { get; init; } = 1;

    /// <summary>The processor, from 0, that worker n's thread keeps to; empty where the system puts them.</summary>
    public IReadOnlyList<int> Processors { get; init; } = [];

    /// <summary>Viewers of one live stream on one worker before others take more of them.</summary>
    [Range(1, 1_000_000)]
    public int ViewersPerWorker { get; init; } = 500;

    /// <summary>Local addresses to bind; empty means the default of the environment (<see cref="OptionsLoader"/>).</summary>
    public IReadOnlyList<string> BindAddresses { get; init; } = [];

    /// <summary>Addresses written into ICE candidates instead of the bound ones (behind 1:1 NAT).</summary>
    public IReadOnlyList<string> AnnouncedAddresses { get; init; } = [];

    /// <summary>Size of each socket's receive buffer (SO_RCVBUF), bytes.</summary>
    [Range(64 * 1024, 1 << 30)]
    public int ReceiveBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Size of each socket's send buffer (SO_SNDBUF), bytes.</summary>
    [Range(64 * 1024, 1 << 30)]
    public int SendBufferBytes { get; init; } = 4 * 1024 * 1024;

    public MediaDatapath Datapath { get; init; } = MediaDatapath.Auto;

    /// <summary>True when equal datagrams to one client leave as one buffer that the kernel, or the network card, cuts apart.</summary>
    public bool Segmentation { get; init; } = true;

    /// <summary>Time from the answer to a finished DTLS handshake, seconds.</summary>
    [Range(1, 120)]
    public int HandshakeTimeoutSeconds { get; init; } = 15;

    /// <summary>Time without an authenticated ICE check after which a peer is gone (RFC 7675 section 5.1), seconds.</summary>
    [Range(5, 300)]
    public int ConsentTimeoutSeconds { get; init; } = 30;
}
