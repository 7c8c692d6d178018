using MediaGateway.Sfu.Speakers;

namespace MediaGateway.Sfu.Tests.Speakers;

public sealed class AudioLevelTests
{
    [Theory]
    [InlineData(0x00, 0, 1)]
    [InlineData(0x80, 0, 1)]
    [InlineData(0x94, 20, 0.1)]
    [InlineData(0x28, 40, 0.01)]
    [InlineData(0x7F, 127, 0)]
    [InlineData(0xFF, 127, 0)]
    public void Level_is_seven_bits_below_overload(byte value, int decibels, double linear)
    {
        Assert.True(AudioLevel.TryParse([value], out AudioLevel level));
        Assert.Equal(decibels, level.Decibels);
        Assert.Equal(linear, level.Linear, 1e-6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1400")]
    public void Extension_of_another_length_is_no_level(string extension) =>
        Assert.False(AudioLevel.TryParse(Convert.FromHexString(extension), out _));
}
