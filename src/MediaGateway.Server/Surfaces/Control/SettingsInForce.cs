using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>
/// Every option and its value, by key as docs/configuration.md writes it. A secret prints only that it is set, a URL neither its user nor
/// its query.
/// </summary>
internal static class SettingsInForce
{
    public static Dictionary<string, string> Of(GatewayOptions options)
    {
        Dictionary<string, string> settings = [];
        Add(options, "", settings);
        return settings;
    }

    private static void Add(object? value, string path, Dictionary<string, string> settings)
    {
        switch (value)
        {
            case null:
                break;
            case string text when IsWebAddress(text, out Uri? address):
                settings[path] = WithoutCredentials(address);
                break;
            case string or bool or int or Enum or Secret:
                settings[path] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
                break;
            case IReadOnlyDictionary<string, Secret> named:
                foreach ((string name, Secret item) in named)
                    Add(item, $"{path}:{name}", settings);
                break;
            case IEnumerable list:
                foreach ((int index, object? item) in list.Cast<object?>().Index())
                    Add(item, $"{path}:{index.ToString(CultureInfo.InvariantCulture)}", settings);
                break;
            default:
                foreach (var property in value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
                    Add(property.GetValue(value), path.Length == 0 ? property.Name : $"{path}:{property.Name}", settings);
                break;
        }
    }

    private static bool IsWebAddress(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https";

    /// <summary>An address without what may be a credential of its receiver: user, password and query.</summary>
    private static string WithoutCredentials(Uri address) =>
        address.UserInfo.Length + address.Query.Length == 0 ? address.OriginalString
            : address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + " (with more that is set)";
}
