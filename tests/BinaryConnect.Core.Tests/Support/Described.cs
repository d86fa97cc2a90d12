using BinaryConnect.Settings;

namespace BinaryConnect.Tests.Support;

/// <summary>An object that describes itself as a test wants.</summary>
internal sealed class Described(string kind, Action<SettingsWriter>? describe = null) : IDescribable
{
    public string Kind => kind;

    public void Describe(SettingsWriter to) => describe?.Invoke(to);

    /// <summary>The settings that an object writes: its kind and each setting, one a line.</summary>
    public static string TextOf(object? value)
    {
        var writer = new SettingsCollector();
        writer.WriteObject("it", value);
        return string.Join('\n', writer.Settings.Select(pair => $"{pair.Key} = {pair.Value}"));
    }
}
