using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace MediaGateway.Server.Options;

/// <summary>The ranges that properties of options classes declare, and the check against them.</summary>
internal static class OptionsRanges
{
    /// <summary>The range of every key of an options class that has one; <c>{n}</c> stands for the number of a list's entry.</summary>
    public static IEnumerable<(string Key, RangeAttribute Range)> Of(Type options, string path = "")
    {
        foreach (PropertyInfo property in options.GetProperties().Where(property => property.CanWrite))
        {
            string key = path.Length == 0 ? property.Name : $"{path}:{property.Name}";
            if (property.GetCustomAttribute<RangeAttribute>() is { } range)
                yield return (key, range);
            bool isList = property.PropertyType.IsGenericType;
            Type inner = isList ? property.PropertyType.GetGenericArguments()[^1] : property.PropertyType;
            if (!inner.IsClass || inner.Namespace != options.Namespace)
                continue;
            foreach ((string, RangeAttribute) below in Of(inner, isList ? key + ":{n}" : key))
                yield return below;
        }
    }

    /// <summary>Adds an error for each number of a section that is out of its range.</summary>
    /// <param name="section">An options class.</param>
    /// <param name="path">Its key.</param>
    /// <param name="errors">Takes the errors.</param>
    public static void Check(object section, string path, List<OptionsError> errors)
    {
        foreach (PropertyInfo property in section.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && property.GetValue(section) is int value
                && !range.IsValid(value))
                errors.Add(new OptionsError($"{path}:{property.Name}", Text(value),
                    $"write a number from {Text(range.Minimum)} to {Text(range.Maximum)}."));
        }
    }

    private static string Text(object number) => Convert.ToString(number, CultureInfo.InvariantCulture)!;
}
