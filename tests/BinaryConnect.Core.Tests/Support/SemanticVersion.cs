using System.Globalization;

namespace BinaryConnect.Tests.Support;

/// <summary>A version such as 0.2.0-alpha.0.7, in the order of semver.org (without build metadata).</summary>
internal sealed class SemanticVersion : IComparable<SemanticVersion>
{
    private readonly int[] _numbers;
    private readonly string[] _identifiers;

    public SemanticVersion(string text)
    {
        string[] parts = text.Split('-', 2);
        _numbers = [.. parts[0].Split('.').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        _identifiers = parts.Length == 1 ? [] : parts[1].Split('.');
    }

    public int CompareTo(SemanticVersion? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int order = _numbers.Zip(other._numbers).Select(pair => pair.First.CompareTo(pair.Second)).FirstOrDefault(sign => sign != 0);
        if (order != 0) return order;
        if (_identifiers.Length == 0 || other._identifiers.Length == 0) return other._identifiers.Length.CompareTo(_identifiers.Length);
        order = _identifiers.Zip(other._identifiers).Select(pair => CompareIdentifiers(pair.First, pair.Second)).FirstOrDefault(sign => sign != 0);
        return order != 0 ? order : _identifiers.Length.CompareTo(other._identifiers.Length);
    }

    // Numbers are below words.
    private static int CompareIdentifiers(string left, string right) =>
        (int.TryParse(left, CultureInfo.InvariantCulture, out int a), int.TryParse(right, CultureInfo.InvariantCulture, out int b)) switch
        {
            (true, true) => a.CompareTo(b),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };
}
