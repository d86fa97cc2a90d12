using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Settings;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// Schedules, losses and the like of a user's own in checkpoints, with settings that they describe, or not.
/// </summary>
internal sealed class SilentKindsTests
{
    private const string Namespace = "BinaryConnect.Tests.Training.SilentKindsTests+";

    private static readonly Dataset Train = SmallData.Bytes(23);

    private TemporaryFolder _folder = null!;
    private string _path = "";

    private TrainerOptions Options => new() { BatchSize = 4, MaxSteps = 3, CheckpointPath = _path, CheckpointEverySteps = 2 };

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _path = _folder.PathOf("run.safetensors");
    }

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void A_record_saved_in_one_culture_is_resumed_in_another()
    {
        TrainerOptions options = Options with { Schedule = new RecordSchedule(0.5f) };
        InCulture.Run(() => Assert.That(Fit(options), Is.Empty));

        Assert.That(Resume(Options with { Schedule = new RecordSchedule(0.5f) }), Is.Empty);
    }

    [Test]
    public void Another_rate_of_a_schedule_that_says_nothing_is_refused()
    {
        Fit(Options with { Schedule = new SilentSchedule(_ => 0.5f) });

        AssertRefused(
            Options with { Schedule = new SilentSchedule(_ => 0.005f) }, "'schedule.rate_at_0' is 0.005; it must be 0.5.");
        AssertRefused(
            Options with { Schedule = new SilentSchedule(step => step < 10_000 ? 0.5f : 0.25f) },
            "'schedule.rate_at_10000' is 0.25; it must be 0.5.",
            "'schedule.rate_at_1000000' is 0.25; it must be 0.5.");
        AssertRefused(
            Options with { Schedule = new RecordSchedule(0.5f) },
            $"'schedule' is {Namespace}RecordSchedule; it must be {Namespace}SilentSchedule.");
        Assert.That(Resume(Options with { Schedule = new SilentSchedule(_ => 0.5f) }), Is.Empty);
    }

    [Test]
    public void So_is_that_of_one_within_another()
    {
        Fit(Options with { Schedule = new LinearWarmup(new SilentSchedule(_ => 0.5f), 2) });

        AssertRefused(
            Options with { Schedule = new LinearWarmup(new SilentSchedule(_ => 0.005f), 2) },
            "'schedule.rate_at_0' is 0.0025; it must be 0.25.");
        Assert.That(Resume(Options with { Schedule = new LinearWarmup(new SilentSchedule(_ => 0.5f), 2) }), Is.Empty);
    }

    [Test]
    public void A_schedule_that_gives_rates_for_some_steps_alone_is_compared_at_these()
    {
        float[] rates = [0.5f, 0.25f, 0.125f];
        Fit(Options with { Schedule = new SilentSchedule(step => rates[step]) });

        AssertRefused(
            Options with { Schedule = new SilentSchedule(step => step == 2 ? 1 : rates[step]) },
            "'schedule.rate_at_2' is 1; it must be 0.125.");
        AssertRefused(
            Options with { Schedule = new SilentSchedule(step => rates[step % 3]) },
            "'schedule.rate_at_5' is 0.125; it must not be there.");
        Assert.That(Resume(Options with { Schedule = new SilentSchedule(step => rates[step]) }), Is.Empty);
    }

    [Test]
    public void A_schedule_is_asked_after_a_reset_and_keeps_its_state()
    {
        var schedule = new RememberingSchedule();
        Fit(Options with { Schedule = schedule, EvaluateEverySteps = 1 });
        schedule.State = [3];

        Assert.That(
            Resume(Options with { Schedule = schedule, EvaluateEverySteps = 1 }),
            Is.Empty,
            "its rate differs now, and did not after the reset");
        schedule.State = [5];
        AssertRefused(Options with { Schedule = schedule, EvaluateEverySteps = 1, Seed = 1 }, "'seed' is 1; it must be 0.");
        Assert.That(schedule.State, Is.EqualTo(new[] { 5.0 }));
    }

    [Test]
    public void Rates_that_differ_in_the_last_digits_are_taken_for_the_same()
    {
        Fit(Options with { Schedule = new SilentSchedule(_ => 0.1f) });

        Assert.That(Resume(Options with { Schedule = new SilentSchedule(_ => MathF.BitIncrement(0.1f)) }), Is.Empty);
        AssertRefused(
            Options with { Schedule = new SilentSchedule(_ => 0.10001f) }, "'schedule.rate_at_0' is 0.10001; it must be 0.1.");
    }

    [Test]
    public void Another_loss_that_says_nothing_is_refused()
    {
        Fit(Options with { Loss = new SilentLoss(1) });

        AssertRefused(Options with { Loss = new SilentLoss(2) }, "'loss.sample_value' is ", "'loss.sample_gradient' is ");
        Assert.That(Resume(Options with { Loss = new SilentLoss(1) }), Is.Empty);
        Assert.That(Resume(Options with { Loss = new SilentLoss(1.000001f) }), Is.Empty, "in the last digits");
    }

    [Test]
    public void A_loss_whose_gradient_alone_differs_is_refused()
    {
        Fit(Options with { Loss = new SilentLoss(1) });

        AssertRefused(Options with { Loss = new SilentLoss(1) { GradientFactor = 1.01f } }, "'loss.sample_gradient' is ");
    }

    [Test]
    public void A_loss_that_refuses_the_sample_does_not_break_the_run_and_a_warning_is_logged()
    {
        string expected = Warning("loss", $"{Namespace}PickyLoss");

        Assert.That(Fit(Options with { Loss = new PickyLoss() }), Is.EqualTo(new[] { expected }));
        Assert.That(Resume(Options with { Loss = new PickyLoss() }), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void A_schedule_that_gives_nothing_does_not_break_it_either()
    {
        int calls = 0;
        var schedule = new SilentSchedule(_ => calls++ == 0 ? throw new InvalidOperationException() : 0.5f);

        Assert.That(Fit(Options with { Schedule = schedule }), Is.EqualTo(new[]
        {
            Warning("schedule", $"{Namespace}SilentSchedule"),
        }));
    }

    [Test]
    public void Binarizers_optimizers_and_models_that_say_nothing_are_known_by_name_and_a_warning_is_logged()
    {
        string[] Warnings(string model) =>
        [
            Warning("binarizer", "BinaryConnect.Tests.Support.OwnBinarizer"),
            Warning("optimizer", $"{Namespace}SilentOptimizer"),
            Warning("model", model),
        ];
        TrainerOptions options = Options with { Binarizer = OwnBinarizer.Signs, Optimizer = new SilentOptimizer() };

        Assert.That(Fit(options, Stub()), Is.EqualTo(Warnings("BinaryConnect.Tests.Support.StubModel")));
        Assert.That(Resume(options, Stub()), Is.EqualTo(Warnings("BinaryConnect.Tests.Support.StubModel")));
        AssertRefused(
            options with { Optimizer = new Sgd() }, Stub(), $"'optimizer' is sgd; it must be {Namespace}SilentOptimizer.");
    }

    [Test]
    public void Without_a_checkpoint_there_is_no_warning()
    {
        TrainerOptions options = Options with
        {
            Binarizer = OwnBinarizer.Signs,
            CheckpointPath = null,
            CheckpointEverySteps = null,
        };

        Assert.That(Fit(options), Is.Empty);
    }

    [Test]
    public void Settings_that_a_user_s_kind_describes_are_compared()
    {
        Fit(Options with { Binarizer = new ScaledSigns(0.5f) });

        AssertRefused(Options with { Binarizer = new ScaledSigns(0.25f) }, "'binarizer.scale' is 0.25; it must be 0.5.");
        Assert.That(Resume(Options with { Binarizer = new ScaledSigns(0.5f) }), Is.Empty);
    }

    [Test]
    public void One_that_describes_itself_wrongly_is_refused_before_the_first_step()
    {
        MultilayerPerceptron model = SmallNetwork.New();
        int[] before = SmallNetwork.Bits(model);
        TrainerOptions options = Options with { Binarizer = new ScaledSigns(0.5f) { Key = "Scale" } };

        Assert.That(
            () => new Trainer(options).Fit(model, Train),
            Throws.ArgumentException.With.Message.StartsWith("'key' is 'Scale'; it must be "));
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    public void Nothing_in_a_checkpoint_of_this_library_s_kinds_is_named_after_code()
    {
        using var run = new SavedRun();
        CheckpointFile file = CheckpointFile.Load(run.Path);
        string[] types = [.. typeof(Trainer).Assembly.GetTypes().Select(type => type.Name).Where(name => name.Length > 1)];

        foreach ((string key, string text) in file.Metadata)
        {
            if (key is "format" or "written_by" or "processor") continue;
            Assert.That(key, Does.Match("^[a-z0-9_.]+$"));
            Assert.That(text, Does.Not.Match("[A-Z](?!-)"), key);
            Assert.That(types, Does.Not.Contain(text), key);
        }

        Assert.That(file.Tensors.Keys, Is.All.Match("^[a-z0-9_.]+$"));
    }

    private static string Warning(string key, string kind) =>
        $"Settings of '{key}' ({kind}) cannot be compared when the run is resumed; implement IDescribable so that they can";

    private static StubModel Stub() =>
        new(SmallData.Features, SmallData.Classes, new Parameter("w", 1, 2, isWeight: true, isBinarized: true));

    // The warnings of a run.
    private static string[] Fit(TrainerOptions options, IModel? model = null) =>
        Warnings(trainer => trainer.Fit(model ?? SmallNetwork.New(), Train, SmallData.Bytes(9)), options);

    private static string[] Resume(TrainerOptions options, IModel? model = null) =>
        Warnings(trainer => trainer.Resume(model ?? SmallNetwork.New(), Train, SmallData.Bytes(9)), options);

    private static string[] Warnings(Action<Trainer> run, TrainerOptions options)
    {
        var logger = new RecordingLogger();
        run(new Trainer(options, logger));
        return [.. logger.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message)];
    }

    private static void AssertRefused(TrainerOptions options, params string[] parts) =>
        AssertRefused(options, SmallNetwork.New(), parts);

    private static void AssertRefused(TrainerOptions options, IModel model, params string[] parts)
    {
        string message = Assert.Throws<ArgumentException>(
            () => new Trainer(options).Resume(model, Train, SmallData.Bytes(9)))!.Message;
        string[] lines = message.Split(Environment.NewLine);
        Assert.That(lines[0], Does.EndWith(": it was saved by a run that differs."));
        Assert.That(lines[1], Does.StartWith(parts[0]), "the first difference");
        foreach (string part in parts) Assert.That(message, Does.Contain(part));
    }

    private sealed record RecordSchedule(float Rate) : ILearningRateSchedule
    {
        public float RateAt(int step) => Rate;
    }

    private sealed class SilentSchedule(Func<int, float> rate) : ILearningRateSchedule
    {
        public float RateAt(int step) => rate(step);
    }

    private sealed class RememberingSchedule : ILearningRateSchedule
    {
        private double _evaluations;

        public IReadOnlyList<double> State
        {
            get => [_evaluations];
            set => _evaluations = value[0];
        }

        public float RateAt(int step) => 0.1f / (1 + (float)_evaluations);

        public bool Observe(double loss)
        {
            _evaluations++;
            return false;
        }

        public void Reset() => _evaluations = 0;
    }

    private sealed class SilentLoss(float scale) : ILoss
    {
        private readonly CrossEntropyLoss _inner = new();

        public float GradientFactor { get; init; } = 1;

        public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels) => scale * _inner.Compute(logits, labels);

        public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient)
        {
            double loss = scale * _inner.Compute(logits, labels, logitsGradient);
            for (int i = 0; i < logitsGradient.Length; i++) logitsGradient[i] *= scale * GradientFactor;
            return loss;
        }
    }

    // Takes whatever the trainer gives it after the first two calls, which are for the sample.
    private sealed class PickyLoss : ILoss
    {
        private readonly CrossEntropyLoss _inner = new();
        private int _calls;

        public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels) =>
            _calls++ == 0 ? throw new NotSupportedException() : _inner.Compute(logits, labels);

        public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient) =>
            _inner.Compute(logits, labels, logitsGradient);
    }

    private sealed class SilentOptimizer : IOptimizer
    {
        private readonly Sgd _inner = new();

        public void Step(Parameter parameter, float learningRate) => _inner.Step(parameter, learningRate);

        public OptimizerState StateOf(Parameter parameter) => _inner.StateOf(parameter);

        public void Reset() => _inner.Reset();
    }

    private sealed class ScaledSigns(float scale) : IBinarizer, IDescribable
    {
        public string Key { get; init; } = "scale";

        public string Kind => "example.com/scaled_signs";

        public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1) =>
            new DeterministicBinarizer().Binarize(weights, destination, bound * scale);

        public void Describe(SettingsWriter to) => to.Write(Key, scale);
    }
}
