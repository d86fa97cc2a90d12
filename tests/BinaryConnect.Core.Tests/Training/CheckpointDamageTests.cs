using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// Files with a valid checksum and values that no run can have. They are refused before anything changes. A file that
/// is accepted lets the run continue, with documented exceptions only.
/// </summary>
internal sealed class CheckpointDamageTests
{
    private const long Most = 1L << 52;
    private const string CountRule = "it must be from 0 to 4,503,599,627,370,496.";

    private SavedRun _run = null!;

    private static IEnumerable<TestCaseData> Values =>
    [
        Value<long>("report.elapsed", 0, long.MaxValue, $"9223372036854775807 at 0; {CountRule}"),
        Value<long>("report.elapsed", 0, Most + 1, $"4503599627370497 at 0; {CountRule}"),
        Value<long>("optimizer.steps", 2, long.MaxValue, $"9223372036854775807 at 2; {CountRule}"),
        Value<long>("optimizer.steps", 0, -1, $"-1 at 0; {CountRule}"),
        Value<long>("binarizer.draws", 0, long.MaxValue, $"9223372036854775807 at 0; {CountRule}"),
        Value<long>("model.draws", 1, long.MaxValue, $"9223372036854775807 at 1; {CountRule}"),
        Value<double>("report.steps.loss", 3, double.NaN, "NaN at 3; it must be finite."),
        Value<double>("report.steps.loss", 0, double.PositiveInfinity, "Infinity at 0; it must be finite."),
        Value<float>("report.steps.learning_rate", 6, -0.5f, "-0.5 at 6; it must be finite and not negative."),
        Value<float>("report.steps.learning_rate", 6, float.NaN, "NaN at 6; it must be finite and not negative."),
        Value<int>("report.steps.sign_flips", 1, -1, "-1 at 1; it must be zero or positive."),
        Value<double>("report.steps.weight_change", 2, -1e-9, "-1E-09 at 2; it must be finite and not negative."),
        Value<double>("report.steps.weight_change", 2, double.NaN, "NaN at 2; it must be finite and not negative."),
        Value<double>("report.evaluations.loss", 1, double.NegativeInfinity, "-Infinity at 1; it must be finite."),
        Value<double>("report.evaluations.accuracy", 1, 1.0001, "1.0001 at 1; it must be from 0 to 1."),
        Value<double>("report.evaluations.accuracy", 0, double.NaN, "NaN at 0; it must be from 0 to 1."),
        Value<float>(
            "report.evaluations.learning_rate", 0, float.PositiveInfinity, "Infinity at 0; it must be finite and not negative."),
        Value<int>("report.evaluations.count", 0, 8, "8 at 0; it must be 9, the number of rows to evaluate on."),
        Value<int>(
            "report.evaluations.confusion", 1, -1,
            "an evaluation 0 that is none. 'counts' has -1 at 1; a count must not be negative. (Parameter 'counts')"),
        Value<float>("model.statistic.layer2.mean", 1, float.NaN, Finite),
        Value<float>("model.statistic.layer2.variance", 1, float.PositiveInfinity, Finite),
        Value<float>("model.statistic.layer2.variance", 5, -1, "-1 at 5; it must be at least 0."),
        Value<float>("best.statistic.layer1.variance", 0, -float.Epsilon, "-1E-45 at 0; it must be at least 0."),
        Value<float>("best.latent.layer1.weights", 40, float.NegativeInfinity, Finite),
    ];

    private static string Finite => "NaN or infinite values; all must be finite.";

    [SetUp]
    public void WriteCheckpoint() => _run = new SavedRun();

    [TearDown]
    public void CleanUp() => _run.Dispose();

    [TestCaseSource(nameof(Values))]
    public void A_value_out_of_range_is_named(string tensor, Action<Array> change, string message)
    {
        _run.Change(file => change(file.Tensors[tensor].Values));

        _run.AssertRefused<InvalidDataException>($"{_run.Path}: tensor '{tensor}' has {message}");
    }

    [Test]
    public void Confusion_of_other_rows_or_another_accuracy_is_refused()
    {
        const string Name = "report.evaluations.confusion";
        _run.Change(file => ((int[])file.Tensors[Name].Values)[9]++);
        _run.AssertRefused<InvalidDataException>(
            null, $"tensor '{Name}' has 10 rows and an accuracy of ", " at 1; it must have 9 rows and an accuracy of ");
        _run.Change(file => file.Tensors[Name] = ([2, 3, 3], new int[] { 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0 }));
        _run.AssertRefused<InvalidDataException>(null, $"tensor '{Name}' has 9 rows and an accuracy of ");
        _run.Change(file => file.Tensors[Name] = ([2, 3, 2], new int[12]));
        _run.AssertRefused<InvalidDataException>(null, $"tensor '{Name}' has shape [2, 3, 2]; it must be [2, 3, 3].");
    }

    [TestCase("mean", float.NaN)]
    [TestCase("mean", float.PositiveInfinity)]
    [TestCase("mean", 1e30f)]
    [TestCase("variance", -1e-9f)]
    [TestCase("variance", float.NaN)]
    [TestCase("variance", float.MaxValue)]
    public void A_moment_beyond_the_optimizer_s_limits_is_named(string slot, float value)
    {
        _run.Change(file => ((float[])file.Tensors[$"optimizer.{slot}.layer3.weights"].Values)[5] = value);

        _run.AssertRefused<InvalidDataException>(
            null, $"{_run.Path}: of the tensors 'optimizer.*.layer3.weights', '{slot}' is ", " at index 5; it must be ");
    }

    [Test]
    public void A_place_of_an_epoch_without_end_is_refused()
    {
        _run.Change(file => file.Tensors["sampler.position"] = ([2], new[] { int.MaxValue, 0 }));

        _run.AssertRefused<InvalidDataException>(null, "tensor 'sampler.position' is epoch 2,147,483,647, row 0; ");
    }

    [TestCase(2_147_483_647, 0)]
    [TestCase(0, 2_147_483_647)]
    [TestCase(1_073_741_825, 0)]
    public void Decays_that_would_overflow_are_refused(double decays, double waited)
    {
        _run.Change(file => file.Tensors["schedule.state"] = ([3], new[] { decays, waited, 1 }));

        _run.AssertRefused<InvalidDataException>(null, "tensor 'schedule.state' is no state of the schedule. 'State' is ");
    }

    [Test]
    public void Counts_at_their_limit_are_taken_and_go_on()
    {
        _run.Change(file =>
        {
            Array.Fill((long[])file.Tensors["optimizer.steps"].Values, Most);
            Array.Fill((long[])file.Tensors["model.draws"].Values, Most);
            file.Tensors["binarizer.draws"] = ([1], new[] { Most });
            file.Tensors["report.elapsed"] = ([1], new[] { Most });
            file.Tensors["sampler.position"] = ([2], new[] { 1 << 30, 23 });
            file.Tensors["schedule.state"] = ([3], new[] { 3, 1 << 30, 1e300 });
        });
        MultilayerPerceptron model = SavedRun.Network();
        TrainerOptions options = SavedRun.Options with { CheckpointPath = _run.Path, CheckpointEverySteps = 1 };

        TrainingReport report = new Trainer(options).Resume(model, SavedRun.Train, SavedRun.Evaluation);

        Assert.That(report.Steps, Has.Count.EqualTo(12));
        Assert.That(report.Elapsed, Is.GreaterThan(TimeSpan.FromDays(5000)));
        Assert.That(model.Parameters.SelectMany(parameter => parameter.Latent.ToArray()), Is.All.Not.NaN);
        Assert.That(model.Draws, Is.All.GreaterThan(Most));
    }

    [Test]
    public void A_model_of_NaN_is_taken_and_replaced()
    {
        MultilayerPerceptron expected = SavedRun.Network(), model = SavedRun.Network();
        foreach (Parameter parameter in model.Parameters) parameter.Latent.Fill(float.NaN);
        foreach (Statistic statistic in model.Statistics) statistic.Values.Fill(float.NaN);
        var trainer = new Trainer(SavedRun.Options with { CheckpointPath = _run.Path });
        trainer.Resume(expected, SavedRun.Train, SavedRun.Evaluation);

        new Trainer(SavedRun.Options with { CheckpointPath = _run.Path }).Resume(model, SavedRun.Train, SavedRun.Evaluation);

        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(SmallNetwork.Bits(expected)));
    }

    [Test]
    public void A_model_of_NaN_stays_so_when_the_file_is_refused()
    {
        MultilayerPerceptron model = SavedRun.Network();
        model.Parameters[0].Latent.Fill(float.NaN);
        _run.Change(file => file.Tensors.Remove("report.elapsed"));

        _run.AssertRefused<InvalidDataException>(
            SavedRun.Options, model, SavedRun.Train, SavedRun.Evaluation, null, "it has no tensor 'report.elapsed'; ");
    }

    [Test]
    public void A_refused_state_of_the_schedule_leaves_all_as_a_run_has_left_it()
    {
        TrainerOptions options = SavedRun.Options with { CheckpointPath = _run.Path };
        MultilayerPerceptron model = SavedRun.Network();
        var sampler = new BatchSampler(SavedRun.Train, 4, 6);
        new Trainer(options with { CheckpointPath = null }).Fit(model, sampler, SavedRun.Evaluation);
        string before = StateOf(options, model, sampler);
        Assert.That(
            options.Schedule.State[2], Is.Not.EqualTo(double.PositiveInfinity), "the schedule has observed an evaluation");
        _run.Change(file => file.Tensors["schedule.state"] = ([3], new double[] { -1, 0, 1 }));

        Assert.That(
            () => new Trainer(options).Resume(model, sampler, SavedRun.Evaluation),
            Throws.TypeOf<InvalidDataException>().With.InnerException.TypeOf<ArgumentException>());

        Assert.That(StateOf(options, model, sampler), Is.EqualTo(before));
    }

    [TestCase(typeof(NotSupportedException))]
    [TestCase(typeof(NullReferenceException))]
    [TestCase(typeof(FormatException))]
    public void Whatever_a_schedule_throws_the_file_is_refused_and_the_schedule_as_it_was(Type exception)
    {
        var schedule = new FragileSchedule();
        string path = _run.Folder.PathOf("own.safetensors");
        TrainerOptions options = SavedRun.Options with { Schedule = schedule, CheckpointPath = path };
        new Trainer(options with { CheckpointEverySteps = 8 }).Fit(SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation);
        double[] before = [.. schedule.State];
        Assert.That(before, Is.EqualTo(new[] { 4.0 }));
        schedule.Refuses = () => throw (Exception)Activator.CreateInstance(exception)!;
        MultilayerPerceptron model = SavedRun.Network();
        int[] bits = SmallNetwork.Bits(model);
        long draws = options.Binarizer.Draws;

        InvalidDataException fault = Assert.Throws<InvalidDataException>(
            () => new Trainer(options).Resume(model, SavedRun.Train, SavedRun.Evaluation))!;

        Assert.That(fault.InnerException, Is.TypeOf(exception));
        Assert.That(schedule.State, Is.EqualTo(before));
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(bits));
        Assert.That(options.Binarizer.Draws, Is.EqualTo(draws));
        Assert.That(model.Draws, Is.All.Zero);
    }

    [Test]
    public void A_state_that_an_object_does_not_keep_is_refused()
    {
        TrainerOptions options = SavedRun.Options with
        {
            Binarizer = new DeterministicBinarizer(),
            Schedule = new ConstantRate(0.1f),
            CheckpointPath = _run.Folder.PathOf("own.safetensors"),
            CheckpointEverySteps = 4,
        };
        new Trainer(options).Fit(SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation);
        CheckpointFile file = CheckpointFile.Load(options.CheckpointPath);
        file.Tensors["binarizer.draws"] = ([1], new long[] { 3 });
        file.Save(_run.Path);
        file.Tensors["binarizer.draws"] = ([1], new long[1]);
        file.Tensors["schedule.state"] = ([1], new double[1]);
        file.Save(options.CheckpointPath);

        _run.AssertRefused<InvalidDataException>(
            options, SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation,
            $"{_run.Path}: tensor 'binarizer.draws' is no state of the binarizer. It gives back another.");
        File.Copy(options.CheckpointPath, _run.Path, overwrite: true);
        _run.AssertRefused<InvalidDataException>(
            options, SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation,
            $"{_run.Path}: tensor 'schedule.state' is no state of the schedule. It gives back another.");
    }

    [Test]
    public void A_state_that_no_file_can_give_back_is_refused_before_the_first_step()
    {
        AssertRefusedAtOnce(
            SavedRun.Options with { Schedule = new FragileSchedule { GivesNull = true } },
            "'State' of the schedule is null; for a checkpoint it must be a list.");
        AssertRefusedAtOnce(
            SavedRun.Options with { Binarizer = new MiscountingBinarizer() },
            "'Draws' of the binarizer has -1; for a checkpoint it must be from 0 to 9,007,199,254,740,992.");
    }

    private void AssertRefusedAtOnce(TrainerOptions options, string message)
    {
        MultilayerPerceptron model = SavedRun.Network();
        int[] before = SmallNetwork.Bits(model);
        Assert.That(
            () => new Trainer(options with { CheckpointPath = _run.Path }).Fit(model, SavedRun.Train, SavedRun.Evaluation),
            Throws.InvalidOperationException.With.Message.EqualTo(message));
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
    }

    private static string StateOf(TrainerOptions options, MultilayerPerceptron model, BatchSampler sampler) => string.Join(
        ' ',
        string.Join(' ', options.Schedule.State),
        options.Binarizer.Draws,
        string.Join(' ', model.Draws),
        sampler.Position,
        string.Join(' ', SmallNetwork.Bits(model)),
        string.Join(' ', model.Parameters.Select(parameter => options.Optimizer.StateOf(parameter).Steps)),
        string.Join(' ', model.Parameters.SelectMany(parameter => Numbers.Bits(options.Optimizer.StateOf(parameter).Slot(0)))));

    private static TestCaseData Value<T>(string tensor, int index, T value, string message)
        where T : unmanaged
    {
        Action<Array> change = values => ((T[])values)[index] = value;
        return new TestCaseData(tensor, change, message).SetArgDisplayNames(tensor, $"{value}");
    }

    // Counts evaluations. Its setter stores the state first, and then may throw.
    private sealed class FragileSchedule : ILearningRateSchedule
    {
        private double _evaluations;

        public Action? Refuses { get; set; }

        public bool GivesNull { get; init; }

        public IReadOnlyList<double> State
        {
            get => GivesNull ? null! : [_evaluations];
            set
            {
                bool isOwn = value[0] == 4 || value[0] == 0;
                _evaluations = value[0];
                if (!isOwn) Refuses?.Invoke();
            }
        }

        public float RateAt(int step) => 0.1f;

        public bool Observe(double loss)
        {
            _evaluations++;
            return false;
        }

        public void Reset() => _evaluations = 0;
    }

    private sealed class MiscountingBinarizer : IBinarizer
    {
        public long Draws
        {
            get => -1;
            set { }
        }

        public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1) =>
            new DeterministicBinarizer().Binarize(weights, destination, bound);
    }
}
