using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Inference;

/// <summary>A million predictions by eight threads that share one packed model.</summary>
internal sealed class PackedThreadsTests
{
    private const int Callers = 8, PredictionsOfCaller = 31_250;
    private const int Features = 784, Classes = 10, Rows = 512;

    // Rows of a call: one, some, a block, and more than a block.
    private static readonly int[] Counts = [1, 7, 64, 100];

    private static readonly Lazy<PackedModel> Exact = new(() => ModelPacker.Pack(new MultilayerPerceptron(
        new() { Features = Features, HiddenUnits = [1024, 1024, 1024], Classes = Classes, Seed = 3 })));

    private static readonly byte[] Bytes = RandomBytes();
    private static readonly float[] Floats = Array.ConvertAll(Bytes, value => value / 255f);

    // Four cases of 250,000 predictions each.
    [Test]
    [Explicit("It takes seconds, as it predicts a million times.")]
    [Category("Slow")]
    public void Every_one_of_a_million_predictions_is_right([Values] bool hasByteActivations, [Values] bool fromBytes)
    {
        PackedModel model = hasByteActivations
            ? ModelPacker.PackActivations(Exact.Value, Dataset.FromBytes(Bytes, new int[Rows], Features, Classes)).Model
            : Exact.Value;
        (float[] Scores, int[] Classes)[][] expected =
            [.. Counts.Select(count => Expected(model, fromBytes, count))];
        Assert.That(model.ActivationBits, Is.EqualTo(hasByteActivations ? 8 : 32));
        Assert.That(expected[0].SelectMany(call => call.Classes).Distinct().Count(), Is.GreaterThan(1));

        long right = 0;
        Threads.Run(Callers, (number, barrier) =>
        {
            var random = new Random(number);
            float[] scores = new float[Counts.Max() * Classes];
            int[] classes = new int[Counts.Max()];
            barrier.SignalAndWait();
            int done = 0;
            while (done < PredictionsOfCaller)
            {
                int shape = random.Next(Counts.Length), count = Counts[shape], call = random.Next(Rows / count);
                (float[] expectedScores, int[] expectedClasses) = expected[shape][call];
                Span<float> someScores = scores.AsSpan(0, count * Classes);
                Span<int> someClasses = classes.AsSpan(0, count);
                int threads = random.Next(8) == 0 ? 2 : 1;
                bool hasScores = random.Next(2) == 0;
                Predict(model, fromBytes, call * count, hasScores ? someScores : default, someClasses, threads);
                if (hasScores ? !someScores.SequenceEqual(expectedScores) : !someClasses.SequenceEqual(expectedClasses))
                    throw new InvalidOperationException(
                        $"Thread {number} has a wrong result for {count} rows from {call * count}.");
                done += count;
            }

            Interlocked.Add(ref right, done);
        });

        Assert.That(right, Is.GreaterThanOrEqualTo(Callers * (long)PredictionsOfCaller));
    }

    private static (float[] Scores, int[] Classes)[] Expected(PackedModel model, bool fromBytes, int count)
    {
        var calls = new (float[] Scores, int[] Classes)[Rows / count];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i] = (new float[count * Classes], new int[count]);
            Predict(model, fromBytes, i * count, calls[i].Scores, calls[i].Classes, 1);
            Predict(model, fromBytes, i * count, default, calls[i].Classes, 1);
        }

        return calls;
    }

    // Scores where there is room for them, else classes.
    private static void Predict(
        PackedModel model, bool fromBytes, int first, Span<float> scores, Span<int> classes, int threads)
    {
        ReadOnlySpan<byte> bytes = Bytes.AsSpan(first * Features, classes.Length * Features);
        ReadOnlySpan<float> floats = Floats.AsSpan(first * Features, classes.Length * Features);
        if (fromBytes && !scores.IsEmpty) model.Scores(bytes, scores, threads);
        else if (fromBytes) model.Predict(bytes, classes, threads);
        else if (!scores.IsEmpty) model.Scores(floats, scores, threads);
        else model.Predict(floats, classes, threads);
    }

    private static byte[] RandomBytes()
    {
        byte[] bytes = new byte[Rows * Features];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
