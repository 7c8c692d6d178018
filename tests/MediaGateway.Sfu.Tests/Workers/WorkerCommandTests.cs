using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>Many commands at once, such as the answers of a meeting that everybody joins: media goes on between them, in turns.</summary>
public sealed class WorkerCommandTests
{
    private const int Commands = 10;
    private const int CommandsPerTurn = 4;

    private static readonly byte[] KeyFrame = [0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00, .. new byte[500]];

    [Fact]
    public void Commands_run_in_their_order_a_few_in_a_turn_and_the_worker_comes_back_at_once()
    {
        using var call = new SimulatedCall();
        List<int> ran = [];
        for (int i = 0; i < Commands; i++)
        {
            int number = i;
            call.Worker.Post(_ => ran.Add(number));
        }

        List<int> afterTurn = [];
        MonotonicTime next;
        do
        {
            next = call.Worker.OnTick(call.Now);
            afterTurn.Add(ran.Count);
        }
        while (next <= call.Now);

        Assert.Equal(Enumerable.Range(0, Commands), ran);
        Assert.Equal([CommandsPerTurn, 2 * CommandsPerTurn, Commands], afterTurn);
    }

    [Fact]
    public void Media_that_comes_while_commands_wait_goes_out_before_the_next_of_them()
    {
        using var call = new SimulatedCall();
        (_, RemotePeer publisher) = call.OpenPublisher(SimulatedCall.PathOf(1));
        call.Connect(publisher);
        (_, RemotePeer watching) = call.OpenViewer(SimulatedCall.PathOf(2));
        call.Connect(watching);
        int ran = 0;
        for (int i = 0; i < Commands; i++)
            call.Worker.Post(_ => ran++);
        call.Worker.OnTick(call.Now);
        Assert.Equal(CommandsPerTurn, ran);

        List<int> ranWhenSent = [];
        call.Sent.Sending = () => ranWhenSent.Add(ran);
        call.Worker.OnDatagram(publisher.CreateMedia(RemoteOffer.Video, RemoteOffer.Vp8, 1, 0, KeyFrame), publisher.Path, call.Now);
        call.Worker.OnTick(call.Now);

        Assert.Equal(CommandsPerTurn, Assert.Single(ranWhenSent));
        Assert.Equal(2 * CommandsPerTurn, ran);
    }
}
