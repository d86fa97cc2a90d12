using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>The memory that training the paper's network takes beyond its data set.</summary>
[NonParallelizable]
internal sealed class NetworkMemoryTests
{
    private const int Features = 784, Rows = 400, Classes = 10;
    private const long Limit = 90_000_000;

    [Test]
    public void Training_takes_at_most_90_megabytes_with_all_that_a_run_keeps([Values(1, 2)] int threads, [Values] bool adam)
    {
        using var folder = new TemporaryFolder();
        byte[] pixels = [.. Enumerable.Range(0, Rows * Features).Select(i => (byte)(i * 31 >> 3))];
        var data = Dataset.FromBytes(
            pixels, Numbers.Labels(seed: 1, Rows, Classes), Features, Classes, scale: 2f / 255, shift: -1);
        var options = new TrainerOptions
        {
            BatchSize = adam ? 100 : 200,
            MaxSteps = 3,
            Binarizer = new StochasticBinarizer(1),
            Loss = new SquaredHingeLoss(),
            Optimizer = adam ? new Adam() : new Sgd(),
            EvaluateEverySteps = 1,
            EvaluationWeights = EvaluationWeights.Latent,
            RecomputeStatistics = true,
            KeepBest = true,
            CheckpointPath = folder.PathOf("run.safetensors"),
            CheckpointEverySteps = 1,
            MaxDegreeOfParallelism = threads,
        };
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        var model = new MultilayerPerceptron(
            new MultilayerPerceptronOptions { Features = Features, HiddenUnits = [1024, 1024, 1024], Classes = Classes });
        var progress = new SynchronousProgress<TrainingProgress>(
            _ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before));

        new Trainer(options).Fit(model, data, data, progress);

        TestContext.Out.WriteLine($"{most:N0} bytes");
        Assert.That(most, Is.GreaterThan(4L * 2_910_208 * sizeof(float)).And.LessThanOrEqualTo(Limit));
    }
}
