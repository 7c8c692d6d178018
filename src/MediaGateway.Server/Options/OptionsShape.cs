using System.Globalization;
using System.Reflection;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Options;

/// <summary>
/// Compares a configuration with the options classes before it is bound: the binder ignores keys that it does not
/// know and stops at the first value that it cannot convert, and an operator wants to hear of every mistake at once.
/// </summary>
internal static class OptionsShape
{
    /// <summary>Every key of an options class; <c>{name}</c> and <c>{n}</c> stand for what the operator chooses.</summary>
    public static IEnumerable<string> KeysOf(Type type) => KeysOf(type, "");

    /// <summary>Adds an error for each unknown key and each value of the wrong type in <paramref name="sections"/>.</summary>
    public static void Check(IEnumerable<IConfigurationSection> sections, Type type, List<OptionsError> errors)
    {
        foreach (IConfigurationSection child in sections)
        {
            if (PropertyNamed(type, child.Key) is { } property)
                CheckValue(child, property.PropertyType, errors);
            else
                errors.Add(new OptionsError(child.Path, null, "no such key" + Suggestion(child, type)));
        }
    }

    private static IEnumerable<string> KeysOf(Type type, string path)
    {
        if (IsScalar(type))
            return [path];
        if (ElementOf(type) is { } element)
            return KeysOf(element, path + ":{n}");
        if (IsDictionary(type))
            return [path + ":{name}"];
        string prefix = path.Length == 0 ? "" : path + ":";
        return PropertiesOf(type).SelectMany(property => KeysOf(property.PropertyType, prefix + property.Name));
    }

    private static void CheckValue(IConfigurationSection section, Type type, List<OptionsError> errors)
    {
        if (IsScalar(type))
            CheckScalar(section, type, errors);
        else if (ElementOf(type) is { } element)
            CheckList(section, element, errors);
        else if (HasValue(section))
            errors.Add(new OptionsError(section.Path, null, "is a section, not a value; set the keys below it."));
        else if (IsDictionary(type))
            CheckDictionary(section, errors);
        else
            Check(section.GetChildren(), type, errors);
    }

    private static void CheckScalar(IConfigurationSection section, Type type, List<OptionsError> errors)
    {
        if (section.GetChildren().Any())
            errors.Add(new OptionsError(section.Path, null, "takes one value, not a list or a section."));
        else if (section.Value is not { } value || !IsConvertible(value, type))
            errors.Add(new OptionsError(section.Path, section.Value ?? "", $"write {Expected(type)}."));
    }

    private static void CheckList(IConfigurationSection section, Type element, List<OptionsError> errors)
    {
        if (HasValue(section))
        {
            errors.Add(new OptionsError(section.Path, section.Value, $"takes a list; write {section.Path}:0 for its first entry."));
            return;
        }
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (!int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                errors.Add(new OptionsError(entry.Path, null, $"takes a list; number its entries: {section.Path}:0, {section.Path}:1."));
            else
                CheckValue(entry, element, errors);
        }
    }

    private static void CheckDictionary(IConfigurationSection section, List<OptionsError> errors)
    {
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (entry.GetChildren().Any())
                errors.Add(new OptionsError(entry.Path, null, "takes one value, not a section."));
        }
    }

    private static bool HasValue(IConfigurationSection section) => !string.IsNullOrEmpty(section.Value);

    private static bool IsScalar(Type type) => type == typeof(string) || type == typeof(Secret) || type == typeof(int)
        || type == typeof(bool) || type.IsEnum;

    private static bool IsDictionary(Type type) => type == typeof(IReadOnlyDictionary<string, Secret>);

    private static Type? ElementOf(Type type)
    {
        bool isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
        return isList ? type.GetGenericArguments()[0] : null;
    }

    private static IEnumerable<PropertyInfo> PropertiesOf(Type type)
        => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private static PropertyInfo? PropertyNamed(Type type, string name)
        => PropertiesOf(type).FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsConvertible(string value, Type type)
    {
        if (type == typeof(int))
            return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        if (type == typeof(bool))
            return bool.TryParse(value, out _);
        return !type.IsEnum || Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);
    }

    private static string Expected(Type type)
    {
        if (type == typeof(int))
            return "a whole number";
        if (type == typeof(bool))
            return "true or false";
        return type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type)) : "a text";
    }

    private static string Suggestion(IConfigurationSection section, Type type)
    {
        string[] names = [.. PropertiesOf(type).Select(property => property.Name)];
        string nearest = names.MinBy(name => Distance(name.ToUpperInvariant(), section.Key.ToUpperInvariant()))!;
        bool plausible = Distance(nearest.ToUpperInvariant(), section.Key.ToUpperInvariant()) <= Math.Max(2, nearest.Length / 3);
        return plausible ? $"; did you mean {nearest}?" : $"; known are {string.Join(", ", names)}.";
    }

    /// <summary>Levenshtein's edit distance.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
