namespace BinaryConnect.Samples.Mnist;

/// <summary>What the command line asks for.</summary>
/// <param name="Seed">Seeds the weights, the order of the examples and stochastic binarization.</param>
/// <param name="Steps">How many steps at the most; null for the recipe's number.</param>
/// <param name="Binarizer">What makes the propagated weights.</param>
/// <param name="Recipe">How to train.</param>
/// <param name="DataFolder">Where MNIST's four files are.</param>
/// <param name="JsonFile">Where to write the report; null for nowhere.</param>
internal sealed record Arguments(int Seed, int? Steps, BinarizerKind Binarizer, RecipeKind Recipe, string DataFolder, string? JsonFile);

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
}
