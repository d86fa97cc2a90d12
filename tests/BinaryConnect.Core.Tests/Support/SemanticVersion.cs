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
        string[] left = _identifiers, right = other._identifiers;
        int order = FirstDifference(_numbers.Zip(other._numbers, (a, b) => a.CompareTo(b)));
        if (order != 0) return order;
        if (left.Length == 0 || right.Length == 0) return right.Length.CompareTo(left.Length);
        order = FirstDifference(left.Zip(right, CompareIdentifiers));
        return order != 0 ? order : left.Length.CompareTo(right.Length);
    }

    private static int FirstDifference(IEnumerable<int> orders) => orders.FirstOrDefault(order => order != 0);

    // Numbers are below words.
    private static int CompareIdentifiers(string left, string right) => (NumberOf(left), NumberOf(right)) switch
    {
        (int a, int b) => a.CompareTo(b),
        (int, null) => -1,
        (null, int) => 1,
        _ => string.CompareOrdinal(left, right),
    };

    private static int? NumberOf(string identifier) =>
        int.TryParse(identifier, CultureInfo.InvariantCulture, out int number) ? number : null;
}
