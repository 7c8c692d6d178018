using System.Collections;

namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// The values of one attribute of a section, in order, read while they are walked; what is outside its grammar is passed over.
/// </summary>
/// <typeparam name="T">What a value is read as.</typeparam>
public readonly struct SdpAttributes<T> : IEnumerable<T>
    where T : class
{
    private readonly SdpSection _section;
    private readonly string _name;
    private readonly Parser _parse;

    internal SdpAttributes(SdpSection section, string name, Parser parse)
    {
        _section = section;
        _name = name;
        _parse = parse;
    }

    internal delegate bool Parser(ReadOnlySpan<char> value, out T? result);

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks them without an object of its own.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly SdpAttributes<T> _attributes;
        private int _next;
        private T? _current;

        internal Enumerator(SdpAttributes<T> attributes) => _attributes = attributes;

        public readonly T Current => _current!;

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            ReadOnlySpan<SdpLine> lines = _attributes._section.Lines;
            while (_next < lines.Length)
            {
                SdpLine line = lines[_next++];
                if (line.IsAttribute(_attributes._name) && _attributes._parse(line.AttributeValue, out _current))
                    return true;
            }
            return false;
        }

        public void Reset() => _next = 0;

        public readonly void Dispose()
        {
        }
    }
}
