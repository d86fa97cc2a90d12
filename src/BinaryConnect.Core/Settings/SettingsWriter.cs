using System.Globalization;

namespace BinaryConnect.Settings;

/// <summary>
/// Takes settings as texts by key. Files hold these texts, so they are the same in every culture, and a key is not the
/// name of a member. A key has from 1 to 100 characters of a-z, 0-9 and _. The text of null is "null".
/// <see cref="SettingsCollector"/> collects them.
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

    /// <summary>Writes a text, such as the name of an enumeration's value.</summary>
    /// <param name="key">The setting's key, not written before.</param>
    /// <param name="value">The setting.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="key"/> is not a key or was written before, or <paramref name="value"/> has half a surrogate
    /// pair.
    /// </exception>
    public void Write(string key, string? value) => Add(key, value);

    /// <summary>
    /// Writes an object's kind under this key, and each of its settings under this key, a dot and the setting's own
    /// key. An object that does not implement <see cref="IDescribable"/> has the name of its type as its kind, and no
    /// settings.
    /// </summary>
    /// <param name="key">The object's key, not written before.</param>
    /// <param name="value">The object.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="key"/> is not a key or was written before, the object's kind has not 1 to 300 characters, or
    /// objects are nested more than 16 deep.
    /// </exception>
    public abstract void WriteObject(string key, object? value);

    private protected abstract string Add(string key, string? value);
}
