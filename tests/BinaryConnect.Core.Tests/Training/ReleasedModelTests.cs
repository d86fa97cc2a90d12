using System.Runtime.CompilerServices;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>After a run no object of the library keeps its model or its data alive.</summary>
[NonParallelizable]
internal sealed class ReleasedModelTests
{
    private const int Features = 200, Classes = 10, Rows = 260;

    private static IEnumerable<Func<IModel>> Models =>
    [
        () => new LogisticModel(Features, Classes),
        () => new MultilayerPerceptron(
            new MultilayerPerceptronOptions { Features = Features, HiddenUnits = [400], Classes = Classes }),
    ];

    [Test]
    public void Options_trainer_report_and_threads_keep_no_model_and_no_data(
        [ValueSource(nameof(Models))] Func<IModel> make, [Values(1, 2)] int threads, [Values] bool stochastic)
    {
        var options = new TrainerOptions
        {
            BatchSize = 64,
            MaxSteps = 6,
            EvaluateEverySteps = 2,
            KeepBest = true,
            Optimizer = new Adam(),
            Schedule = new PlateauDecay(0.1f, 0.5f, maxDecays: 3),
            Binarizer = stochastic ? new StochasticBinarizer(1) : new DeterministicBinarizer(),
            EvaluationWeights = EvaluationWeights.Inference,
            MaxDegreeOfParallelism = threads,
        };
        var trainer = new Trainer(options);
        var used = new List<WeakReference>();
        var reports = new List<TrainingReport>();
        for (int i = 0; i < 3; i++) reports.Add(Run(trainer, make, used));

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(used, Has.Count.EqualTo(15));
        Assert.That(used.Where(reference => reference.IsAlive).Select(reference => reference.Target!.GetType().Name), Is.Empty);
        Assert.That(reports.Select(report => report.Steps.Count), Is.All.EqualTo(6));
        GC.KeepAlive(trainer);
    }

    // A frame of its own, so that no local of the test keeps anything alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TrainingReport Run(Trainer trainer, Func<IModel> make, List<WeakReference> used)
    {
        IModel model = make();
        byte[] pixels = Array.ConvertAll(Numbers.Uniform(1, Rows * Features, 0, 255), value => (byte)value);
        var data = Dataset.FromBytes(pixels, Numbers.Labels(1, Rows, Classes), Features, Classes);
        var sampler = new BatchSampler(data, 64, seed: 1);
        TrainingReport report = trainer.Fit(model, sampler, data);
        trainer.Evaluate(model, data, EvaluationWeights.Latent);
        used.AddRange([new(model), new(model.Parameters[0]), new(pixels), new(data), new(sampler)]);
        return report;
    }
}
