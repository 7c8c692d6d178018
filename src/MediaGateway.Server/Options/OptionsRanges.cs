using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace MediaGateway.Server.Options;

/// <summary>Checks numbers against the ranges that their properties declare.</summary>
internal static class OptionsRanges
{
    /// <summary>Adds an error for each number of a section that is out of its range.</summary>
    /// <param name="section">An options class.</param>
    /// <param name="path">Its key.</param>
    /// <param name="errors">Takes the errors.</param>
    public static void Check(object section, string path, List<OptionsError> errors)
    {
        foreach (PropertyInfo property in section.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && property.GetValue(section) is int value && !range.IsValid(value))
                errors.Add(new OptionsError($"{path}:{property.Name}", Text(value), $"write a number from {Text(range.Minimum)} to {Text(range.Maximum)}."));
        }
    }

    private static string Text(object number) => Convert.ToString(number, CultureInfo.InvariantCulture)!;
}
