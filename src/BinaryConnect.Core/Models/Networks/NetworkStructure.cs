using BinaryConnect.Settings;

namespace BinaryConnect.Models.Networks;

/// <summary>A network as its list of layers, for files.</summary>
internal sealed class NetworkStructure(Action<SettingsWriter> describe) : IDescribable
{
    public string Kind => "sequential";

    public void Describe(SettingsWriter to) => describe(to);
}
