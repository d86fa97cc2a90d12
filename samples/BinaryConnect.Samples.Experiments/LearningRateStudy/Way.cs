using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Samples.Experiments.Runs;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.LearningRateStudy;

/// <summary>An optimizer with or without scaling, at one rate.</summary>
/// <param name="Optimizer">The name of the optimizer.</param>
/// <param name="IsScaled">Whether the rate of weights is divided by c, or by c² without Adam.</param>
/// <param name="Rate">The rate at the start.</param>
internal sealed record Way(string Optimizer, bool IsScaled, float Rate)
{
    /// <summary>The names of the optimizers.</summary>
    public const string Sgd = "SGD", Nesterov = "Nesterov", Adam = "Adam";

    /// <summary>The steps of a run: one epoch of 55,000 images.</summary>
    public const int Steps = 550, BatchSize = 100;

    /// <summary>The units of each hidden layer.</summary>
    public const int HiddenUnits = 128;

    /// <summary>The rates that each optimizer tries, about √10 apart.</summary>
    public static IReadOnlyList<float> Rates { get; } = [1e-4f, 3e-4f, 1e-3f, 3e-3f, 1e-2f, 3e-2f, 0.1f, 0.3f, 1, 3, 10];

    /// <summary>Optimizer and scaling, such as "Adam, scaled".</summary>
    public string Name => $"{Optimizer}, {(IsScaled ? "scaled" : "not scaled")}";

    /// <summary>Every way that is tried, the rates of one name after one another.</summary>
    public static IEnumerable<Way> All =>
        from optimizer in (string[])[Sgd, Nesterov, Adam]
        from isScaled in (bool[])[false, true]
        from rate in Rates
        select new Way(optimizer, isScaled, rate);

    /// <summary>Trains a network, and gives the accuracy of its signs; NaN if the run diverged.</summary>
    public double Run(ExperimentSettings settings, int seed, Dataset train, Dataset evaluation)
    {
        int steps = settings.StepsOf(Steps);
        var model = new MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            Features = train.FeatureCount,
            HiddenUnits = [HiddenUnits, HiddenUnits],
            Classes = train.ClassCount,
            InitialRange = 1,
            Seed = seed,
        });
        var options = new TrainerOptions
        {
            BatchSize = BatchSize,
            MaxSteps = steps,
            Loss = new SquaredHingeLoss(),
            Optimizer = Optimizer switch
            {
                Adam => new Adam(),
                Nesterov => new Sgd(momentum: 0.9f, nesterov: true),
                _ => new Sgd(),
            },
            Schedule = new CosineDecay(Rate, steps),
            RateScaling = (IsScaled, Optimizer) switch
            {
                (false, _) => RateScaling.None,
                (true, Adam) => RateScaling.InverseGlorot,
                _ => RateScaling.InverseGlorotSquared,
            },
            Seed = seed,
        };
        try
        {
            string what = $"{Name}, rate {Rate:G3}, seed {seed}";
            return Fitting.Run(settings, what, options, model, train, evaluation).FinalEvaluation!.Accuracy;
        }
        catch (TrainingDivergedException)
        {
            return double.NaN;
        }
    }
}
