using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Running;

/// <summary>Every target of this program, found by reflection.</summary>
public static class FuzzTargets
{
    private static readonly SortedDictionary<string, Type> TypeByName = Find();

    public static IReadOnlyCollection<string> Names => TypeByName.Keys;

    /// <summary>A new one; disposed of by its user where it is disposable.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public static IFuzzTarget Create(string name) => Create(TypeByName[name]);

    private static IFuzzTarget Create(Type type) => (IFuzzTarget)Activator.CreateInstance(type)!;

    private static SortedDictionary<string, Type> Find()
    {
        SortedDictionary<string, Type> types = new(StringComparer.Ordinal);
        foreach (Type type in typeof(FuzzTargets).Assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(IFuzzTarget))))
        {
            IFuzzTarget target = Create(type);
            types.Add(target.Name, type);
            (target as IDisposable)?.Dispose();
        }
        return types;
    }
}
