using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Rtc.Tests.Rtp;

/// <summary>Feeds a fuzz target its seeds, then seeded mutations of them: flipped, cut, grown, spliced and random.</summary>
internal static class MutatedInputs
{
    public static void Feed(IFuzzTarget target, int count = 20_000, int seed = 1)
    {
        byte[][] seeds = [.. target.Seeds];
        foreach (byte[] input in seeds)
            Run(target, input, "seed");
        Random random = new(seed);
        for (int i = 0; i < count; i++)
            Run(target, Mutate(seeds, random), $"mutation {i} of seed {seed}");
    }

    private static byte[] Mutate(byte[][] seeds, Random random)
    {
        byte[] input = [.. seeds[random.Next(seeds.Length)]];
        for (int rounds = random.Next(1, 4); rounds > 0; rounds--)
        {
            switch (random.Next(6))
            {
                case 0 when input.Length > 0:
                    input[random.Next(input.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when input.Length > 0:
                    input[random.Next(input.Length)] = (byte)random.Next(256);
                    break;
                case 2:
                    input = input[..random.Next(input.Length + 1)];
                    break;
                case 3:
                    byte[] tail = new byte[random.Next(1, 20)];
                    random.NextBytes(tail);
                    input = [.. input, .. tail];
                    break;
                case 4:
                    byte[] other = seeds[random.Next(seeds.Length)];
                    input = [.. input[..random.Next(input.Length + 1)], .. other[random.Next(other.Length + 1)..]];
                    break;
                case 5 when input.Length > 0:
                    input[random.Next(input.Length)] = random.Next(2) == 0 ? (byte)0 : (byte)255;
                    break;
            }
        }
        return input;
    }

    private static void Run(IFuzzTarget target, byte[] input, string what)
    {
        try
        {
            target.Run(input);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Assert.Fail($"{target.Name}, {what}: {Convert.ToHexString(input)}\n{e}");
        }
    }
}
