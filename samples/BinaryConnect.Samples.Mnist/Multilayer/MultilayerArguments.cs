using BinaryConnect.Models;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>The arguments of the mlp command.</summary>
/// <param name="Recipe">The recipe of the training.</param>
/// <param name="Binarizer">The binarizer of effective weights.</param>
/// <param name="Dropout">The probability that a hidden value is dropped in training; 0 for no dropout.</param>
/// <param name="Seed">The seed of the weights, the order of the examples, stochastic binarization and dropout.</param>
/// <param name="Epochs">The number of epochs; null for the recipe's number.</param>
/// <param name="HiddenUnits">The units of each hidden layer.</param>
/// <param name="EvaluationWeights">The evaluated weights; null for the paper's choice.</param>
/// <param name="Threads">The number of threads; null for one for each processor.</param>
/// <param name="CheckpointFile">The file of the run's state; null for none.</param>
/// <param name="Resume">Whether to continue from the checkpoint.</param>
/// <param name="CsvFile">The file with a row for each epoch; null for none.</param>
/// <param name="JsonFile">The file of the report; null for none.</param>
/// <param name="DataFolder">The folder of MNIST's four files.</param>
internal sealed record MultilayerArguments(
    MultilayerRecipeKind Recipe,
    BinarizerKind Binarizer,
    float Dropout,
    int Seed,
    int? Epochs,
    IReadOnlyList<int> HiddenUnits,
    EvaluationWeights? EvaluationWeights,
    int? Threads,
    string? CheckpointFile,
    bool Resume,
    string? CsvFile,
    string? JsonFile,
    string DataFolder)
{
    /// <summary>The files of the model.</summary>
    public ModelOutputs Outputs { get; init; } = new(null, null);

    /// <summary>The activation function of the hidden layers.</summary>
    public Activation Activation { get; init; }

    /// <summary>The probability that a pixel is dropped in training; 0 for no dropout.</summary>
    public float InputDropout { get; init; }

    /// <summary>The epochs over which the learning rate falls; null for all epochs of the run.</summary>
    public int? ScheduledEpochs { get; init; }

    /// <summary>
    /// The range of the first latent weights; null for between the signs, or Glorot's range for real weights.
    /// </summary>
    public FirstWeightsKind? FirstWeights { get; init; }

    /// <summary>The optimizer; null for the recipe's.</summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>The learning rates; null for those of the recipe or the optimizer.</summary>
    public LearningRates? Rates { get; init; }

    /// <summary>The scaling of the rates of binary weights; null for the paper's choice with the optimizer.</summary>
    public RateScaling? RateScaling { get; init; }
}

/// <summary>The values of --recipe.</summary>
internal enum MultilayerRecipeKind
{
    Fast,
    Published,
    LaterCode,
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
