using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Inference;

/// <summary>Checkpoints that are opened as models.</summary>
internal sealed class CheckpointModelTests
{
    private static IEnumerable<TestCaseData> Networks =>
    [
        Named("logistic", () => new LogisticModel(
            new() { Features = SmallData.Features, Classes = SmallData.Classes, OutputScale = 0.25f, BinarizeBias = true })),
        Named("paper", () => new MultilayerPerceptron(
            SmallNetwork.Options with { HiddenDropout = 0.5f, Bound = 0.5f, Activation = Activation.Identity })),
        Named("no hidden layer", () => new MultilayerPerceptron(SmallNetwork.Options with { HiddenUnits = [] })),
        Named("binary activations", () => new MultilayerPerceptron(SmallNetwork.Options with { Activation = Activation.Sign })),
        Named("without normalization", () => new MultilayerPerceptron(
            SmallNetwork.Options with { Normalization = Normalization.None })),
        Named("layers", () => new Sequential(new FeatureShape(2, 3, 1), 5,
        [
            new BinaryDense(9) { Name = "first", Binarizer = new IdentityBinarizer() }, new BatchNorm(0.01f, 0.5f), new Relu(),
            new BinaryDense(SmallData.Classes) { HasBias = true },
        ])),
    ];

    [TestCaseSource(nameof(Networks))]
    public void A_finished_run_gives_its_model(Func<Sequential> make)
    {
        using var folder = new TemporaryFolder();
        Sequential network = make();
        Train(network, folder.PathOf("run"), keepBest: false);

        Sequential loaded = ModelFile.Load(folder.PathOf("run"));

        Assert.That(SmallNetwork.Bits(loaded), Is.EqualTo(SmallNetwork.Bits(network)));
        Assert.That(loaded.GetType(), Is.EqualTo(network.GetType()));
        Assert.That(loaded.Parameters.Select(parameter => parameter.Bound), Is.EqualTo(
            network.Parameters.Select(parameter => parameter.Bound)));
        Assert.That(Classes(loaded), Is.EqualTo(Classes(network)));
    }

    // The trainer returns the best model, and the checkpoint has the last one, too.
    [Test]
    public void The_best_model_is_taken_where_it_was_kept()
    {
        using var folder = new TemporaryFolder();
        Sequential best = new MultilayerPerceptron(SmallNetwork.Options);
        TrainingReport report = Train(best, folder.PathOf("run"), keepBest: true);
        Assert.That(report.BestEvaluation!.Step, Is.LessThan(report.Steps.Count), "it must not be the last");

        Sequential loaded = ModelFile.Load(folder.PathOf("run"));

        Assert.That(SmallNetwork.Bits(loaded), Is.EqualTo(SmallNetwork.Bits(best)));
    }

    [Test]
    public void Scale_and_shift_of_bytes_are_facts()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.FromBytes(new byte[] { 1, 2, 3, 4 }, new[] { 0, 1 }, 2, 2, 0.5f, -3);
        var options = new TrainerOptions
        {
            MaxSteps = 2,
            BatchSize = 2,
            CheckpointPath = folder.PathOf("run"),
            CheckpointEverySteps = 1,
        };
        new Trainer(options).Fit(new LogisticModel(2, 2), data, data);

        ModelFile.Load(folder.PathOf("run"), out ModelFacts facts);

        Assert.That((facts.InputScale, facts.InputShift), Is.EqualTo((0.5f, -3f)));
    }

    private static TrainingReport Train(Sequential network, string path, bool keepBest)
    {
        Dataset data = SmallData.Floats(40, seed: 3);
        var options = new TrainerOptions
        {
            MaxSteps = 30,
            BatchSize = 8,
            EvaluateEverySteps = 1,
            Schedule = new ConstantRate(2),
            KeepBest = keepBest,
            CheckpointPath = path,
            CheckpointEverySteps = 30,
        };
        return new Trainer(options).Fit(network, data, data);
    }

    private static int[] Classes(Sequential network)
    {
        Dataset data = SmallData.Floats(40, seed: 3);
        int[] classes = new int[data.Count];
        network.Predict(data, classes);
        return classes;
    }

    private static TestCaseData Named(string name, Func<Sequential> make) => new TestCaseData(make).SetArgDisplayNames(name);
}
