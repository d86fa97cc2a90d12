using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// A checkpoint after 7 steps of a run that uses all there is, in a folder of its own, and resumes that must be
/// refused.
/// </summary>
internal sealed class SavedRun : IDisposable
{
    public SavedRun()
    {
        using var source = new CancellationTokenSource();
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == 7) source.Cancel();
        });
        Path = Folder.PathOf("run.safetensors");
        new Trainer(Options with { CheckpointPath = Path }).Fit(Network(), Train, Evaluation, progress, source.Token);
    }

    public static Dataset Train { get; } = SmallData.Bytes(23);

    public static Dataset Evaluation { get; } = SmallData.Bytes(9, seed: 2);

    public static TrainerOptions Options => new()
    {
        BatchSize = 4,
        Seed = 6,
        MaxSteps = 12,
        Binarizer = new StochasticBinarizer(4),
        Loss = new SquaredHingeLoss(),
        Optimizer = new Adam(),
        Schedule = new LinearWarmup(new PlateauDecay(0.1f, 0.5f, 9, patience: 2), 3),
        RateScaling = RateScaling.InverseGlorot,
        EvaluateEverySteps = 3,
        KeepBest = true,
    };

    public TemporaryFolder Folder { get; } = new();

    public string Path { get; }

    public static MultilayerPerceptron Network() => new(SmallNetwork.Options with { HiddenDropout = 0.25f });

    public void Dispose() => Folder.Dispose();

    /// <summary>The message of a resume with other settings.</summary>
    public string Differing(params string[] lines) =>
        string.Join(Environment.NewLine, lines.Prepend($"{Path}: it was saved by a run that differs."));

    /// <summary>Changes the file, with a checksum that fits.</summary>
    public void Change(Action<CheckpointFile> change)
    {
        CheckpointFile file = CheckpointFile.Load(Path);
        change(file);
        file.Save(Path);
    }

    /// <summary>
    /// Asserts the whole message of a refused resume, or some of its lines; and that nothing has changed: not the
    /// file, the model, optimizer, schedule, binarizer or sampler.
    /// </summary>
    public void AssertRefused<T>(string? message, params string[] parts)
        where T : Exception =>
        AssertRefused<T>(Options, Network(), Train, Evaluation, message, parts);

    /// <inheritdoc cref="AssertRefused{T}(string?, string[])"/>
    public void AssertRefused<T>(
        TrainerOptions options,
        IModel model,
        Dataset train,
        Dataset evaluation,
        string? message,
        params string[] parts)
        where T : Exception
    {
        options = options with { CheckpointPath = Path };
        var sampler = new BatchSampler(train, options.BatchSize, options.Seed, options.PartialBatch);
        int[] before = SmallNetwork.Bits(model);
        double[] schedule = [.. options.Schedule.State];
        byte[] file = File.ReadAllBytes(Path);

        T fault = Assert.Throws<T>(() => new Trainer(options).Resume(model, sampler, evaluation))!;

        if (message is not null) Assert.That(fault.Message, Is.EqualTo(message));
        foreach (string part in parts) Assert.That(fault.Message, Does.Contain(part));
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
        Assert.That(File.ReadAllBytes(Path), Is.EqualTo(file));
        Assert.That(sampler.Position, Is.EqualTo((0, 0)));
        Assert.That(options.Binarizer.Draws, Is.Zero);
        Assert.That(model.Draws, Is.All.Zero);
        Assert.That(model.Parameters.Select(parameter => options.Optimizer.StateOf(parameter).Steps), Is.All.Zero);
        Assert.That(options.Schedule.State, Is.EqualTo(schedule));
    }
}
