using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>
/// The best recipe: Adam for fifty epochs. The rate falls to exactly 0, since signs flip at any other rate, however
/// small. The test set chooses nothing.
/// </summary>
internal sealed class BestRecipe : DigitRecipe
{
    // Fifty epochs of 429 whole batches.
    private const int Steps = 21_450;

    public override string Name => "best";

    // Inputs are 0.3 · (pixel/255 − 0.2). The shift roughly centres them. The factor keeps sums of 784 signs in the
    // range where the softmax still learns.
    public override float Scale => 0.3f / 255;

    public override float Shift => -0.06f;

    public override int StepsOf(WeightKind kind) => Steps;

    public override LogisticModel Model(Dataset train, int seed, WeightKind kind, bool binarizesBias = false)
    {
        // Drawn signs agree with the signs at test only if latent weights are near ±1. So they start with wide weights,
        // and with a larger rate.
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

    public override TrainerOptions Options(int steps, int seed, WeightKind kind)
    {
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
