using System.Globalization;
using System.Net;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Floor;

/// <summary>
/// Lower bound of any server: a process that takes a publisher's packets as they are, and encrypts and sends each to every viewer. No
/// ICE, no feedback, no rewriting. It prints its port, and reads viewers from its input: port, key and salt in hexadecimal,
/// and the first and last SSRC that the viewer sends itself.
/// </summary>
internal static class FloorProcess
{
    public const string Segmented = "segmented";

    public static int Run(bool isSegmenting)
    {
        using UdpDatapath datapath =
            UdpDatapath.Open(new UdpEndpointOptions { Addresses = [IPAddress.Loopback], Segmentation = isSegmenting }, new DropCounters());
        using var loop = new FloorLoop(datapath);
        using var thread = new WorkerThread(0, datapath, loop, new MonotonicClock(), Console.Error.WriteLine);
        thread.Start();
        Console.WriteLine(datapath.LocalAddresses[0].Port);
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            TransportAddress address = TransportAddress.From(IPAddress.Loopback, int.Parse(words[0], CultureInfo.InvariantCulture));
            var own = (new Ssrc(uint.Parse(words[3], CultureInfo.InvariantCulture)),
                new Ssrc(uint.Parse(words[4], CultureInfo.InvariantCulture)));
            loop.Add(new FloorDestination(address, Convert.FromHexString(words[1]), Convert.FromHexString(words[2]), own));
        }
        return 0;
    }
}
