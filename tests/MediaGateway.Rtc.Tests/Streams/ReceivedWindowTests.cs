using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

public sealed class ReceivedWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Window_agrees_with_a_set_of_what_was_received(int seed)
    {
        var random = new Random(seed);
        var window = new ReceivedWindow();
        var model = new HashSet<long>();
        long highest = 0x1_0000;
        for (int i = 0; i < 50_000; i++)
        {
            long sequence = random.Next(20) == 0 ? highest + random.Next(1, 4000) : highest + random.Next(-2500, 3);
            bool expected = (model.Count == 0 || sequence > highest - ReceivedWindow.Size) && !model.Contains(sequence);

            Assert.Equal(expected, window.TryAdd(new ExtendedSequence(sequence)));

            if (expected)
                model.Add(sequence);
            if (model.Count == 1 || sequence > highest)
                highest = sequence;
        }
    }
}
