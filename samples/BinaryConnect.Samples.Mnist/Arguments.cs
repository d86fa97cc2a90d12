using BinaryConnect.Samples.Mnist.Saved;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The arguments of the main command.</summary>
/// <param name="Seed">The seed of the weights, the order of the examples and stochastic binarization.</param>
/// <param name="Steps">The largest number of steps; null for the recipe's number.</param>
/// <param name="Binarizer">The binarizer of effective weights.</param>
/// <param name="Recipe">The recipe of the training.</param>
/// <param name="DataFolder">The folder of MNIST's four files.</param>
/// <param name="JsonFile">The file of the report; null for none.</param>
internal sealed record Arguments(
    int Seed, int? Steps, BinarizerKind Binarizer, RecipeKind Recipe, string DataFolder, string? JsonFile)
{
    /// <summary>The files of the model.</summary>
    public ModelOutputs Outputs { get; init; } = new(null, null);

    /// <summary>Whether the comparison of one bit with real weights follows, by the best recipe.</summary>
    public bool Compares { get; init; }
}

/// <summary>The values of --binarizer.</summary>
internal enum BinarizerKind
{
    Deterministic,
    Stochastic,
    None,
}

/// <summary>The values of --recipe.</summary>
internal enum RecipeKind
{
    Tutorial,
    Best,
    Tiny,
    Small,
}
