using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MediaGateway.Testing.Primitives;

/// <summary>
/// The objects that can be reached from one, and the bytes that they take on the heap, by type. Static fields and delegates are not
/// followed, nor are objects of the assemblies of tests: what a gateway holds of its simulated network, and so of the clients behind it,
/// is not its own.
/// </summary>
public sealed class LiveObjects
{
    private const BindingFlags Fields =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, FieldInfo[]> FieldsOf = [];
    private static readonly Dictionary<(Type Type, int Length), long> SizeOf = [];

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<object> _left = new();
    private readonly Dictionary<Type, long> _bytes = [];

    private LiveObjects()
    {
    }

    /// <summary>Bytes of all objects of a type.</summary>
    public IReadOnlyDictionary<Type, long> BytesOf => _bytes;

    public long Bytes => _bytes.Values.Sum();

    public static LiveObjects From(object root)
    {
        var objects = new LiveObjects();
        objects.Reach(root);
        while (objects._left.TryPop(out object? next))
            objects.Count(next);
        return objects;
    }

    /// <summary>The types that take most, for the message of a test that fails.</summary>
    public string Describe(int types, int per) => string.Join('\n', _bytes
        .OrderByDescending(type => type.Value)
        .Take(types)
        .Select(type => $"{type.Value / per,9} {type.Key}"));

    private void Count(object item)
    {
        Type type = item.GetType();
        _bytes[type] = _bytes.GetValueOrDefault(type) + MeasureSize(item, type);
        if (item is Array array)
            ReachElements(array, type.GetElementType()!);
        else
            ReachFields(item, type);
    }

    private void ReachElements(Array array, Type element)
    {
        if (element.IsPrimitive || element.IsPointer)
            return;
        foreach (object? value in array)
            Reach(value);
    }

    private void ReachFields(object item, Type type)
    {
        foreach (FieldInfo field in AllFieldsOf(type))
            Reach(field.GetValue(item));
    }

    private void Reach(object? value)
    {
        if (value is null or Pointer or MemberInfo or Assembly or Module or Delegate)
            return;
        Type type = value.GetType();
        if (type.IsPrimitive || type.IsEnum)
            return;
        if (type.IsValueType)
            ReachFields(value, type);
        else if (!IsOfTests(type) && _seen.Add(value))
            _left.Push(value);
    }

    private static bool IsOfTests(Type type)
    {
        string? assembly = type.Assembly.GetName().Name;
        return assembly is "MediaGateway.Testing" || assembly?.EndsWith(".Tests", StringComparison.Ordinal) == true;
    }

    private static FieldInfo[] AllFieldsOf(Type type)
    {
        if (FieldsOf.TryGetValue(type, out FieldInfo[]? known))
            return known;
        List<FieldInfo> fields = [];
        for (Type? level = type; level is not null; level = level.BaseType)
            fields.AddRange(level.GetFields(Fields).Where(field => !field.FieldType.IsPrimitive && !field.FieldType.IsPointer));
        return FieldsOf[type] = [.. fields];
    }

    /// <summary>Measures the size of an object by allocating another one like it: there is no other way to ask.</summary>
    private static long MeasureSize(object item, Type type)
    {
        int length = item switch
        {
            string text => text.Length,
            Array array => array.Length,
            _ => 0,
        };
        if (!SizeOf.TryGetValue((type, length), out long size))
            SizeOf[(type, length)] = size = Math.Min(Allocate(item, type, length), Allocate(item, type, length));
        return size;
    }

    [SuppressMessage("Usage", "CA1816:Call GC.SuppressFinalize correctly", Justification = "What was never constructed is not finalized.")]
    private static long Allocate(object item, Type type, int length)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        object like = item switch
        {
            string => new string('x', length),
            Array => Array.CreateInstance(type.GetElementType()!, length),
            _ => RuntimeHelpers.GetUninitializedObject(type),
        };
        long size = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.SuppressFinalize(like);
        return size;
    }
}
