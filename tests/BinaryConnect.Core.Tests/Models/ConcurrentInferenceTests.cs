using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Models;

/// <summary>
/// Several threads predict with one unchanged model. Each gets its own results, bit by bit. None allocates.
/// </summary>
[NonParallelizable]
internal sealed class ConcurrentInferenceTests
{
    private const int ThreadCount = 8, Features = 96, Classes = 10, Rows = 120, Rounds = 30;

    // About half of the bytes are 0, as in images.
    private static readonly byte[] Pixels =
        Array.ConvertAll(Numbers.Uniform(1, Rows * Features, -255, 255), value => (byte)Math.Max(0, value));

    private static readonly float[] Values = Numbers.Uniform(2, Rows * Features);

    private static readonly int[] Labels = Numbers.Labels(3, Rows, Classes);

    // Rows first to end, of floats or of bytes with a shift.
    private static readonly (int First, int End, float? Shift)[] Parts =
        [(0, 120, null), (7, 8, null), (0, 120, 0), (0, 120, -1), (33, 90, null), (5, 6, 0), (33, 90, 0), (60, 63, -1)];

    private static IEnumerable<Func<IModel>> Models =>
    [
        () => new LogisticModel(Features, Classes, seed: 4),
        () => new LogisticModel(Features, 3, seed: 4),
        () => new LogisticModel(new LogisticModelOptions { Features = Features, Classes = Classes, OutputScale = 0.5f }),
        () => new MultilayerPerceptron(Network),
        () => new MultilayerPerceptron(
            Network with { HiddenUnits = [40, 20], HiddenDropout = 0.5f, Normalization = Normalization.None }),
    ];

    private static MultilayerPerceptronOptions Network => new() { Features = Features, HiddenUnits = [33], Classes = Classes };

    private static IBinarizer[] Binarizers => [new DeterministicBinarizer(), new StochasticBinarizer(3), new IdentityBinarizer()];

    [Test]
    public void Predictions_and_probabilities_of_a_logistic_model_are_right([Values(2, 10, 255, 256, 700)] int classes)
    {
        var model = new LogisticModel(Features, classes);
        Numbers.Uniform(5, model.Weights.Length).CopyTo(model.Weights.Latent);
        model.Binarize(new DeterministicBinarizer());
        int[] expected = [.. Enumerable.Range(0, Rows).Select(row => model.Predict(FloatRow(row)))];
        float[] expectedProbabilities = new float[Rows * classes];
        for (int row = 0; row < Rows; row++)
            model.PredictProbabilities(FloatRow(row), expectedProbabilities.AsSpan(row * classes, classes));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(1));
        int wrong = 0;
        long bytes = 0;

        Threads.Run(ThreadCount, (number, barrier) =>
        {
            float[] probabilities = new float[classes];
            void Ask()
            {
                int faults = 0;
                for (int i = 0; i < 100_000 / classes; i++)
                {
                    int row = (i + 15 * number) % Rows;
                    if (model.Predict(FloatRow(row)) != expected[row]) faults++;
                    model.PredictProbabilities(FloatRow(row), probabilities);
                    if (!probabilities.AsSpan().SequenceEqual(expectedProbabilities.AsSpan(row * classes, classes))) faults++;
                }

                Interlocked.Add(ref wrong, faults);
            }

            barrier.SignalAndWait();
            Ask();
            Interlocked.Add(ref bytes, Allocations.Fewest(Ask));
        });

        Assert.That(wrong, Is.Zero);
        Assert.That(bytes, Is.Zero);
    }

    [Test]
    public void Logits_are_right_for_floats_and_bytes(
        [ValueSource(nameof(Models))] Func<IModel> make,
        [ValueSource(nameof(Binarizers))] IBinarizer binarizer,
        [Values(1, 2)] int threads)
    {
        IModel model = make();
        model.MaxDegreeOfParallelism = threads;
        Settle(model, binarizer);
        float[][] expected = [.. Enumerable.Range(0, Parts.Length).Select(part => Logits(model, part))];
        int wrong = 0;
        long bytes = 0;

        // The weights are signs alone again, where a model keeps such: the threads find them so.
        Settle(model, binarizer);
        Threads.Run(ThreadCount, (number, barrier) =>
        {
            float[] logits = new float[Rows * model.ClassCount];
            void Ask()
            {
                int faults = 0;
                for (int i = 0; i < Rounds; i++)
                {
                    int part = (i + number) % Parts.Length;
                    Span<float> own = logits.AsSpan(0, expected[part].Length);
                    model.Infer(BatchOf(part), own);
                    if (!own.SequenceEqual(expected[part])) faults++;
                    if (number % 4 == 0 && model.Parameters[0].Effective.Contains(0)) faults++;
                }

                Interlocked.Add(ref wrong, faults);
            }

            barrier.SignalAndWait();
            Ask();
            Interlocked.Add(ref bytes, Allocations.Fewest(Ask));
        });

        Assert.That(wrong, Is.Zero);
        Assert.That(bytes, Is.Zero);
    }

    [Test]
    public void Evaluations_are_right([ValueSource(nameof(Models))] Func<IModel> make, [Values] bool hinge, [Values] bool ofBytes)
    {
        IModel model = make();
        if (model.ClassCount != Classes) return;
        Settle(model, new DeterministicBinarizer());
        Dataset data = ofBytes
            ? Dataset.FromBytes(Pixels, Labels, Features, Classes)
            : Dataset.FromFloats(Values, Labels, Features, Classes);
        var trainer = new Trainer(new TrainerOptions { Loss = hinge ? new SquaredHingeLoss() : new CrossEntropyLoss() });
        EvaluationResult expected = trainer.Evaluate(model, data);
        int wrong = 0;

        Threads.Run(ThreadCount, (_, barrier) =>
        {
            barrier.SignalAndWait();
            for (int i = 0; i < 10; i++)
            {
                if (trainer.Evaluate(model, data) != expected) Interlocked.Increment(ref wrong);
            }
        });

        Assert.That(wrong, Is.Zero);
    }

    private static ReadOnlySpan<float> FloatRow(int row) => Values.AsSpan(row * Features, Features);

    private static Batch BatchOf(int part)
    {
        (int first, int end, float? shift) = Parts[part];
        Range values = (first * Features)..(end * Features);
        return shift is float moved
            ? new Batch(Pixels.AsSpan(values), Labels.AsSpan(first..end), 1f / 255, moved)
            : new Batch(Values.AsSpan(values), Labels.AsSpan(first..end));
    }

    private static float[] Logits(IModel model, int part)
    {
        Batch batch = BatchOf(part);
        float[] logits = new float[batch.Count * model.ClassCount];
        model.Infer(batch, logits);
        return logits;
    }

    // A step forward on bytes, then weights binarized as the next step would.
    private static void Settle(IModel model, IBinarizer binarizer)
    {
        binarizer.Draws = 0;
        Numbers.Uniform(5, model.Parameters[0].Length).CopyTo(model.Parameters[0].Latent);
        float[][] statistics = [.. model.Statistics.Select(statistic => statistic.Values.ToArray())];
        model.Forward(BatchOf(2), new float[Rows * model.ClassCount]);
        for (int i = 0; i < statistics.Length; i++) statistics[i].CopyTo(model.Statistics[i].Values);
        model.Binarize(binarizer);
    }
}
