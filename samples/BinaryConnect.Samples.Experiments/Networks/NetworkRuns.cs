using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Samples.Experiments.Runs;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>Trains networks on MNIST as the paper does (section 3.1), in fewer epochs.</summary>
internal sealed class NetworkRuns(ExperimentSettings settings, NetworkSize size)
{
    // These map pixels to [−1, 1].
    private const float PixelScale = 2f / 255, PixelShift = -1;

    private readonly NetworkSize _size = size.With(settings.Network);

    /// <summary>MNIST as the paper splits it.</summary>
    public Data.Mnist Data { get; } = Load(settings);

    /// <summary>The layers, the recipe and its length, for a report.</summary>
    public string Description =>
        $"The network has the layers {_size.Layers(Data.Train.FeatureCount, Data.Train.ClassCount)}, with batch normalization. "
        + $"It is trained for {_size.Epochs:N0} epochs of {Data.Train.Count:N0} images as the paper's: squared hinge loss, SGD "
        + "from the rate 0.3 to 0.01, batches of 200. "
        + $"The error on {Data.Validation.Count:N0} validation images chooses the epoch.";

    /// <summary>MNIST with the paper's split and range of pixels.</summary>
    public static Data.Mnist Load(ExperimentSettings settings) =>
        BinaryConnect.Data.Mnist.Load(settings.DataFolder, MnistSplit.Paper, PixelScale, PixelShift);

    /// <summary>A run of each of the paper's regularizers for each seed.</summary>
    /// <exception cref="OperationCanceledException">The runs were cancelled.</exception>
    public IReadOnlyList<NetworkRun> TrainAll() =>
        [.. Regularizer.All.SelectMany(regularizer => settings.Seeds.Select(seed => Train(regularizer, seed)))];

    /// <summary>Trains a network, or goes on with the run that the user's folder has.</summary>
    /// <param name="regularizer">The regularizer.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="name">The name of the run and of its checkpoint; null for that of the regularizer.</param>
    /// <param name="recipe">How it is trained; null for the paper's way.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="InvalidDataException">The checkpoint of the run is damaged, or of other data.</exception>
    public NetworkRun Train(Regularizer regularizer, int seed, string? name = null, NetworkRecipe? recipe = null)
    {
        name ??= regularizer.Name;
        recipe ??= NetworkRecipe.Paper;
        string what = settings.Seeds.Count > 1 ? $"{name}, seed {seed}" : name;
        var network = new MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            Features = Data.Train.FeatureCount,
            HiddenUnits = _size.HiddenUnits,
            Classes = Data.Train.ClassCount,
            Activation = recipe.Activation,
            HiddenDropout = regularizer.Rate,
            InitialRange = regularizer.IsBinary ? 1 : null,
            Seed = seed,
        });
        TrainerOptions options = OptionsOf(regularizer, seed, recipe, CheckpointOf(name, seed));
        var trainer = new Trainer(options);
        var progress = new StepLines(settings.Progress, what);
        TrainingReport report;
        try
        {
            report = File.Exists(options.CheckpointPath)
                ? trainer.Resume(network, Data.Train, Data.Validation, progress, settings.Cancellation)
                : trainer.Fit(network, Data.Train, Data.Validation, progress, settings.Cancellation);
        }
        catch (ArgumentException fault) when (options.CheckpointPath is not null)
        {
            throw new InvalidDataException(fault.Message, fault);
        }

        settings.Cancellation.ThrowIfCancellationRequested();
        return new NetworkRun(what, regularizer, network, report, trainer.Evaluate(network, Data.Test));
    }

    private TrainerOptions OptionsOf(Regularizer regularizer, int seed, NetworkRecipe recipe, string? checkpoint)
    {
        int stepsPerEpoch = Data.Train.Count / recipe.BatchSize, steps = settings.StepsOf(_size.Epochs * stepsPerEpoch);
        int every = Math.Min(stepsPerEpoch, steps);
        return new TrainerOptions
        {
            BatchSize = recipe.BatchSize,
            PartialBatch = PartialBatch.Drop,
            MaxSteps = steps,
            Binarizer = regularizer.Binarizer(seed),
            Loss = new SquaredHingeLoss(meanOverClasses: false),
            Optimizer = recipe.Optimizer(),
            Schedule = new ExponentialDecay(recipe.FirstRate, recipe.LastRate, Math.Max(_size.Epochs, 2), stepsPerEpoch),
            RateScaling = regularizer.IsBinary ? recipe.BinaryRateScaling : RateScaling.None,
            EvaluateEverySteps = every,
            EvaluationWeights = regularizer.TestWeights,
            RecomputeStatistics = true,
            KeepBest = true,
            CheckpointPath = checkpoint,
            CheckpointEverySteps = checkpoint is null ? null : every,
            Seed = seed,
        };
    }

    private string? CheckpointOf(string name, int seed)
    {
        if (settings.Network.RunFolder is not string folder) return null;
        Directory.CreateDirectory(folder);
        string hidden = string.Join('-', _size.HiddenUnits);
        return Path.Combine(folder, $"{name}-{hidden}-epochs-{_size.Epochs}-seed-{seed}.safetensors");
    }
}
