namespace BinaryConnect.Samples.Experiments;

/// <summary>Figures of runs, gathered by what the runs have in common; the key orders as it came.</summary>
internal sealed class Figures<TKey>
    where TKey : notnull
{
    private readonly OrderedDictionary<TKey, List<double>> _figures = [];

    /// <summary>The spread of each key's figures.</summary>
    public IEnumerable<(TKey Key, Spread Figure)> All => _figures.Select(pair => (pair.Key, Spread.Of(pair.Value)));

    /// <summary>Adds the figure of a run.</summary>
    public void Add(TKey key, double figure)
    {
        if (!_figures.TryGetValue(key, out List<double>? figures)) _figures.Add(key, figures = []);
        figures.Add(figure);
    }

    /// <summary>The spread of a key's figures.</summary>
    public Spread Of(TKey key) => Spread.Of(_figures[key]);
}
