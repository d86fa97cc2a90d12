using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;
using BinaryConnect.UserLayers;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// A network with user-defined layers, trained without a JIT: one and four threads give the same bits.
/// </summary>
internal static class UserLayersChecks
{
    private const int Features = 40, Classes = 3, Rows = 256;

    public static void Run(Report report)
    {
        (Sequential one, double first, double loss) = Train(threads: 1);
        (Sequential four, _, double other) = Train(threads: 4);
        bool isSame = loss == other
            && one.Parameters.Zip(four.Parameters).All(pair => pair.First.Latent.SequenceEqual(pair.Second.Latent));
        report.Count("a user's layers on one and four threads", isSame ? null : $"losses {loss} and {other}");
        report.Count("a user's layers learn", loss < 0.8 * first ? null : $"loss {first} at first, {loss} at last");
        Console.WriteLine("A user's layers: trained");
    }

    private static (Sequential Model, double First, double Last) Train(int threads)
    {
        var random = new Random(1);
        byte[] bytes = new byte[Rows * Features];
        random.NextBytes(bytes);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => bytes[row * Features] * Classes / 256)];
        var data = Dataset.FromBytes(bytes, labels, Features, Classes);
        Sequential model = UserNetwork.New(Features, Classes, hidden: 64);
        TrainingReport run = new Trainer(new TrainerOptions
        {
            BatchSize = 128,
            MaxSteps = 60,
            Binarizer = new StochasticBinarizer(1),
            Optimizer = new Adam(),
            Schedule = new ConstantRate(0.01f),
            MaxDegreeOfParallelism = threads,
        }).Fit(model, data);
        return (model, run.Steps[0].Loss, run.Steps[^1].Loss);
    }
}
