using System.Buffers;
using BinaryConnect.Guards;

namespace BinaryConnect.Settings;

/// <summary>Collects the settings of objects as texts by key.</summary>
public sealed class SettingsCollector : SettingsWriter
{
    private const int LongestKey = 100, LongestKind = 300, DeepestNesting = 16;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private readonly List<(string Key, string Kind)> _silent = [];
    private string _prefix = "";
    private int _depth;

    /// <summary>
    /// The settings so far, in the order in which they were written. Keys of nested objects have dots:
    /// "schedule.inner.rate".
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    /// <summary>Key and kind of the objects that do not implement <see cref="IDescribable"/>.</summary>
    internal IReadOnlyList<(string Key, string Kind)> Silent => _silent;

    /// <inheritdoc/>
    public override void WriteObject(string key, object? value)
    {
        string? kind = value is IDescribable known ? Checked(known.Kind, value) : value?.GetType().ToString();
        string path = Add(key, kind);
        if (value is IDescribable describable) Describe(describable, path);
        else if (value is not null) _silent.Add((path, kind!));
    }

    private void Describe(IDescribable value, string path)
    {
        if (_depth == DeepestNesting)
            throw new ArgumentException(
                $"'{path}' is nested {_depth + 1:N0} deep; objects must be nested at most {DeepestNesting:N0} deep.",
                nameof(value));
        string outer = _prefix;
        _prefix = path + ".";
        _depth++;
        try
        {
            value.Describe(this);
        }
        finally
        {
            _depth--;
            _prefix = outer;
        }
    }

    private protected override string Add(string key, string? value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > LongestKey || key.AsSpan().ContainsAnyExcept(KeyCharacters))
            throw new ArgumentException(
                $"'key' is '{Excerpt.Of(key)}'; it must be 1 to {LongestKey} of a-z, 0-9 and _.", nameof(key));
        Guard.WholeText(value ?? "", nameof(value));
        string path = _prefix + key;
        if (!_settings.TryAdd(path, value ?? "null"))
            throw new ArgumentException($"'key' is '{path}', which was written before; a key must be written once.", nameof(key));
        return path;
    }

    private static string Checked(string? kind, object value) =>
        kind is { Length: > 0 and <= LongestKind }
            ? kind
            : throw new ArgumentException(
                $"'Kind' of {value.GetType()} is '{Excerpt.Of(kind)}'; it must be a text of 1 to {LongestKind} characters.",
                nameof(value));
}
