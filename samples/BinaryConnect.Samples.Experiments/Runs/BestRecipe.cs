using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>The best recipe: roughly centred inputs, and Adam for fifty epochs with a rate that falls to 0.</summary>
internal sealed class BestRecipe : DigitRecipe
{
    // Fifty epochs of 429 whole batches.
    private const int Steps = 21_450;

    public override string Name => "best";

    // 0.3 · (pixel/255 − 0.2).
    public override Data.Mnist Load(string folder) => Data.Mnist.Load(folder, scale: 0.3f / 255, shift: -0.06f);

    public override LogisticModel Model(Dataset train, int seed, WeightKind kind, bool binarizesBias = false)
    {
        // Drawn signs agree with the signs at test only if latent weights are near ±1.
        float reach = kind == WeightKind.Stochastic ? 1 : 0.1f;
        return new LogisticModel(new LogisticModelOptions
        {
            Features = train.FeatureCount,
            Classes = train.ClassCount,
            Seed = seed,
            InitialMinimum = -reach,
            InitialMaximum = reach,
            InitialBias = 0,
            BinarizeBias = binarizesBias,
        });
    }

    public override TrainerOptions Options(ExperimentSettings settings, int seed, WeightKind kind)
    {
        int steps = settings.StepsOf(Steps);
        float rate = kind == WeightKind.Stochastic ? 3e-2f : 1e-3f;
        return new TrainerOptions
        {
            PartialBatch = PartialBatch.Drop,
            MaxSteps = steps,
            Binarizer = Binarizer(kind, seed),
            Optimizer = new Adam(),
            Schedule = new CosineDecay(rate, steps),
            EvaluateEverySteps = 1_000,
            Seed = seed,
        };
    }
}
