using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MediaGateway.LoadTester.Servers;

namespace MediaGateway.Attack.Senders;

/// <summary>HTTP and TCP from addresses of one's own choice.</summary>
internal static class AttackClient
{
    /// <summary>A client that speaks from one address.</summary>
    public static HttpClient From(IPAddress address, Uri gateway, bool isHttp2 = false) => new(HandlerFrom(address))
    {
        BaseAddress = gateway,
        Timeout = TimeSpan.FromSeconds(10),
        DefaultRequestVersion = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public static SocketsHttpHandler HandlerFrom(IPAddress address) => new()
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>A bare connection.</summary>
    public static async Task<Socket> ConnectAsync(IPAddress address, Uri gateway)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(gateway.Host, gateway.Port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A connection of TLS, which speaks one protocol above it.</summary>
    public static async Task<SslStream> ConnectTlsAsync(IPAddress address, Uri gateway, SslApplicationProtocol protocol)
    {
        Socket socket = await ConnectAsync(address, gateway);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = [protocol],
                RemoteCertificateValidationCallback = OwnCertificate.IsTrusted,
            });
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends text; false once the gateway has ended the connection.</summary>
    public static async Task<bool> TrySendAsync(Socket socket, string text) => await TrySendAsync(socket, Encoding.ASCII.GetBytes(text));

    public static async Task<bool> TrySendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads until the gateway ends the connection.</summary>
    /// <returns>Whether it did within the time.</returns>
    public static async Task<bool> EndsWithinAsync(Socket socket, TimeSpan limit)
    {
        byte[] buffer = new byte[4096];
        using var cancellation = new CancellationTokenSource(limit);
        try
        {
            while (await socket.ReceiveAsync(buffer, SocketFlags.None, cancellation.Token) > 0)
            {
            }
            return true;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
