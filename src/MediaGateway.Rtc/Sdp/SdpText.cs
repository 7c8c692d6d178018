using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MediaGateway.Rtc.Sdp;

/// <summary>An interpolated line that a <see cref="SdpWriter"/> takes part by part, so that it costs no string of its own.</summary>
[InterpolatedStringHandler]
internal readonly ref struct SdpText
{
    private readonly SdpWriter _writer;

    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "The compiler gives all three.")]
    public SdpText(int literalLength, int formattedCount, SdpWriter writer) => _writer = writer;

    public void AppendLiteral(string text) => _writer.Append(text);

    public void AppendFormatted(ReadOnlySpan<char> text) => _writer.Append(text);

    public void AppendFormatted<T>(T number)
        where T : ISpanFormattable => _writer.AppendNumber(number);
}
