using System.Globalization;
using BinaryConnect.Guards;

namespace BinaryConnect.Settings;

/// <summary>
/// Gives the settings of one object in a file, as <see cref="SettingsWriter"/> wrote them. Whatever is wrong with them
/// is an <see cref="InvalidDataException"/> that names file and setting.
/// </summary>
public sealed class SettingsReader
{
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Func<string, InvalidDataException> _fault;
    private readonly string _path;

    internal SettingsReader(IReadOnlyDictionary<string, string> settings, string path, Func<string, InvalidDataException> fault)
    {
        _settings = settings;
        _path = path;
        _fault = fault;
        Kind = TextAt(path);
    }

    /// <summary>The kind of the object (<see cref="IDescribable.Kind"/>).</summary>
    public string Kind { get; }

    /// <summary>Whether there is a setting of this key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True if there is.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    public bool Has(string key) => _settings.ContainsKey(PathOf(key));

    /// <summary>A text.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text as it was written.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">There is no such setting.</exception>
    public string ReadText(string key) => TextAt(PathOf(key));

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">There is no such setting, or it is no such number.</exception>
    public int ReadWhole(string key, int least = int.MinValue, int most = int.MaxValue)
    {
        bool isNumber = int.TryParse(ReadText(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number);
        return isNumber && number >= least && number <= most
            ? number
            : throw Fault(key, $"a whole number from {least:N0} to {most:N0}");
    }

    /// <summary>A finite number.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The number, to the bit as it was written.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">There is no such setting, or it is no finite number.</exception>
    public float ReadNumber(string key)
    {
        bool isNumber = float.TryParse(ReadText(key), NumberStyles.Float, CultureInfo.InvariantCulture, out float number);
        return isNumber && float.IsFinite(number) ? number : throw Fault(key, "a finite number");
    }

    /// <summary>True or false.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">There is no such setting, or it is neither.</exception>
    public bool ReadTruth(string key) => ReadText(key) switch
    {
        "true" => true,
        "false" => false,
        _ => throw Fault(key, "true or false"),
    };

    /// <summary>The settings of an object within this one.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Its settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">There is no such object.</exception>
    public SettingsReader ReadObject(string key) => new(_settings, PathOf(key), _fault);

    /// <summary>An exception that names the file and a fault of it.</summary>
    internal InvalidDataException Fault(string what) => _fault(what);

    private string PathOf(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return $"{_path}.{key}";
    }

    private string TextAt(string path) =>
        _settings.TryGetValue(path, out string? text) ? text : throw _fault($"its metadata has no '{Excerpt.Of(path)}'.");

    private InvalidDataException Fault(string key, string expected) =>
        _fault($"'{Excerpt.Of(PathOf(key))}' is '{Excerpt.Of(ReadText(key))}'; it must be {expected}.");
}
