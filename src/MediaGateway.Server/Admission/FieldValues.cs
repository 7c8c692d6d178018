using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace MediaGateway.Server.Admission;

/// <summary>Values of a message's fields, alike for fields that are repeated and fields that are not.</summary>
internal static class FieldValues
{
    /// <summary>The values of a field; none of a message that is not there.</summary>
    public static IEnumerable<object> Of(FieldDescriptor field, IMessage message)
    {
        object? value = field.Accessor.GetValue(message);
        IEnumerable<object?> values = field.IsRepeated ? ((IEnumerable)value).Cast<object?>() : [value];
        return values.OfType<object>();
    }
}
