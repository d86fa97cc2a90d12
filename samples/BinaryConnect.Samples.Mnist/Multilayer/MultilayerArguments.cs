using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>What the command line asks the mlp command for.</summary>
/// <param name="Recipe">How to train.</param>
/// <param name="Binarizer">What makes the propagated weights.</param>
/// <param name="Dropout">The probability that a hidden value is dropped in training; 0 for no dropout.</param>
/// <param name="Seed">Seeds the weights, the order of the examples, stochastic binarization and dropout.</param>
/// <param name="Epochs">How many epochs; null for the recipe's number.</param>
/// <param name="HiddenUnits">The units of each hidden layer.</param>
/// <param name="TestWeights">Which weights are evaluated; null for the paper's choice.</param>
/// <param name="Threads">How many threads train; null for one a processor.</param>
/// <param name="CheckpointFile">Where to keep the state of the run; null for nowhere.</param>
/// <param name="Resume">Whether to go on from the checkpoint.</param>
/// <param name="CsvFile">Where to write a row an epoch; null for nowhere.</param>
/// <param name="JsonFile">Where to write the report; null for nowhere.</param>
/// <param name="DataFolder">Where MNIST's four files are.</param>
internal sealed record MultilayerArguments(
    MultilayerRecipeKind Recipe,
    BinarizerKind Binarizer,
    float Dropout,
    int Seed,
    int? Epochs,
    IReadOnlyList<int> HiddenUnits,
    TestWeightsKind? TestWeights,
    int? Threads,
    string? CheckpointFile,
    bool Resume,
    string? CsvFile,
    string? JsonFile,
    string DataFolder)
{
    /// <summary>Where latent weights start; null for between the signs, or Glorot's range where weights are real.</summary>
    public FirstWeightsKind? FirstWeights { get; init; }

    /// <summary>What moves the weights; null for the recipe's.</summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>The learning rates; null for the recipe's, or those that suit the optimizer.</summary>
    public LearningRates? Rates { get; init; }

    /// <summary>What the rates of binary weights are multiplied by; null for the paper's choice with the optimizer.</summary>
    public RateScaling? RateScaling { get; init; }
}

/// <summary>The values of --recipe.</summary>
internal enum MultilayerRecipeKind
{
    Fast,
    Published,
    LaterCode,
}

/// <summary>The values of --test-weights.</summary>
internal enum TestWeightsKind
{
    Binary,
    Real,
    Average,
}

/// <summary>The values of --optimizer.</summary>
internal enum OptimizerKind
{
    Sgd,
    Nesterov,
    Adam,
}

/// <summary>The values of --first-weights.</summary>
internal enum FirstWeightsKind
{
    BetweenSigns,
    Glorot,
}
