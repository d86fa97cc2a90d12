namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>What an experiment found.</summary>
/// <param name="Title">The title.</param>
/// <param name="Method">How it was measured: data, model, recipe, and the weights of evaluations.</param>
internal sealed record Report(string Title, string Method)
{
    /// <summary>What was found, in sentences with the numbers. They follow from the numbers.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>The tables.</summary>
    public required IReadOnlyList<Table> Tables { get; init; }

    /// <summary>The pictures.</summary>
    public IReadOnlyList<Picture> Pictures { get; init; } = [];
}
