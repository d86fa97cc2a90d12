using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>No step after the first allocates, whatever trains.</summary>
internal sealed class TrainerAllocationTests
{
    private const int Steps = 12;

    [Test]
    public void Steps_after_the_first_allocate_nothing(
        [Values("deterministic", "stochastic", "full precision")] string binarizer,
        [Values("sgd", "momentum", "nesterov", "adam", "own")] string optimizer,
        [Values] bool bytes)
    {
        var options = new TrainerOptions
        {
            BatchSize = 7,
            MaxSteps = Steps,
            Binarizer = binarizer switch
            {
                "deterministic" => new DeterministicBinarizer(),
                "stochastic" => new StochasticBinarizer(1),
                _ => new IdentityBinarizer(),
            },
            Optimizer = optimizer switch
            {
                "sgd" => new Sgd(),
                "momentum" => new Sgd(0.9f),
                "nesterov" => new Sgd(0.9f, nesterov: true),
                "adam" => new Adam(),
                _ => new OwnOptimizer(),
            },
        };
        Dataset data = bytes ? SmallData.Bytes(20) : SmallData.Floats(20);
        var model = new LogisticModel(
            new LogisticModelOptions { Features = SmallData.Features, Classes = SmallData.Classes, OutputScale = 0.5f });
        long[] allocated = new long[Steps];
        var progress = new SynchronousProgress<TrainingProgress>(
            p => allocated[p.Step - 1] = GC.GetAllocatedBytesForCurrentThread());

        Allocations.AwaitCollections();
        new Trainer(options).Fit(model, data, progress: progress);

        Assert.That(
            allocated.Zip(allocated.Skip(1), (before, after) => after - before), Is.All.Zero, "bytes of steps 2 to the last");
    }
}
