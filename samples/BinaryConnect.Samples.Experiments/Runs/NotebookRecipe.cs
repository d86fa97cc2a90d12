using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>
/// The notebook's recipe. Real weights take 500 steps, at a rate of 0.5, times 0.8 every 20. Signs take up to 10,000:
/// every 200 the rate falls by a tenth if the test loss rose, and the fifth fall ends the run.
/// </summary>
internal sealed class NotebookRecipe : DigitRecipe
{
    public override string Name => "notebook";

    public override float Scale => 1f / 255;

    public override float Shift => 0;

    public override int StepsOf(WeightKind kind) => kind == WeightKind.Real ? 500 : 10_000;

    public override LogisticModel Model(Dataset train, int seed, WeightKind kind, bool binarizesBias = false) =>
        new(new LogisticModelOptions
        {
            Features = train.FeatureCount,
            Classes = train.ClassCount,
            Seed = seed,
            BinarizeBias = binarizesBias,
        });

    public override TrainerOptions Options(int steps, int seed, WeightKind kind) => kind == WeightKind.Real
        ? new TrainerOptions
        {
            MaxSteps = steps,
            Binarizer = Binarizer(kind, seed),
            Schedule = new StepDecay(initialRate: 0.5f, factor: 0.8f, every: 20),
            Seed = seed,
        }
        : new TrainerOptions
        {
            MaxSteps = steps,
            Binarizer = Binarizer(kind, seed),
            Schedule = new PlateauDecay(initialRate: 0.5f, factor: 0.9f, maxDecays: 5),
            EvaluateEverySteps = 200,
            EvaluationWeights =
                kind == WeightKind.Deterministic ? EvaluationWeights.LastStep : EvaluationWeights.Inference,
            Seed = seed,
        };
}
