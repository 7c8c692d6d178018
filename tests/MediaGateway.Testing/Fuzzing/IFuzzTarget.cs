namespace MediaGateway.Testing.Fuzzing;

/// <summary>
/// Something that takes bytes from a remote: a parser or a stateful part. Found by reflection, so an implementation
/// is public and has a parameterless constructor.
/// </summary>
public interface IFuzzTarget
{
    public string Name { get; }

    /// <summary>Throws only when a property is violated; never for what the input is.</summary>
    public void Run(ReadOnlySpan<byte> input);

    /// <summary>Valid and interesting inputs to start mutating from.</summary>
    public IEnumerable<byte[]> Seeds { get; }
}
