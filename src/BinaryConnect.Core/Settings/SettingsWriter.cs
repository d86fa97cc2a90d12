using System.Globalization;

namespace BinaryConnect.Settings;

/// <summary>
/// Takes settings as texts by key. Files hold these texts, so they are the same in every culture, and keys are no names of code. A key
/// is one or more of a-z, 0-9 and _, at most 100. The text of null is "null". <see cref="SettingsCollector"/> collects them.
/// </summary>
public abstract class SettingsWriter
{
    // Only this library has writers.
    private protected SettingsWriter()
    {
    }

    /// <summary>Writes "true" or "false".</summary>
    /// <inheritdoc cref="Write(string, string?)"/>
    public void Write(string key, bool? value) => Add(key, value is bool known ? known ? "true" : "false" : null);

    /// <summary>Writes a whole number in decimal digits.</summary>
    /// <inheritdoc cref="Write(string, string?)"/>
    public void Write(string key, long? value) => Add(key, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a whole number in decimal digits.</summary>
    /// <inheritdoc cref="Write(string, string?)"/>
    public void Write(string key, ulong? value) => Add(key, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the shortest decimal number that gives the same float: "0.1".</summary>
    /// <inheritdoc cref="Write(string, string?)"/>
    public void Write(string key, float? value) => Add(key, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the shortest decimal number that gives the same double.</summary>
    /// <inheritdoc cref="Write(string, string?)"/>
    public void Write(string key, double? value) => Add(key, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a text, such as one that stands for a value of an enumeration.</summary>
    /// <param name="key">Its key, which was not written before.</param>
    /// <param name="value">The setting.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="key"/> is no key or was written before, or <paramref name="value"/> has half a surrogate pair.
    /// </exception>
    public void Write(string key, string? value) => Add(key, value);

    /// <summary>
    /// Writes an object's kind by this key, and its settings by this key, a dot and their own keys. The kind of one
    /// that does not implement <see cref="IDescribable"/> is the name of its type, and it has no settings.
    /// </summary>
    /// <param name="key">Its key, which was not written before.</param>
    /// <param name="value">The object.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="key"/> is no key or was written before, the object's kind is no kind, or objects are nested
    /// more than 16 deep.
    /// </exception>
    public abstract void WriteObject(string key, object? value);

    private protected abstract string Add(string key, string? value);
}
