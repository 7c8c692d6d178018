using System.ComponentModel;
using System.Globalization;

namespace MediaGateway.Server.Contracts;

/// <summary>Lets configuration set a <see cref="Secret"/>.</summary>
internal sealed class SecretConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => new Secret((string)value);
}
