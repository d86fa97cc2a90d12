using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Training;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TrainerLogTests
{
    private readonly RecordingLogger _logger = new();

    [Test]
    public void Run_logs_its_start_evaluations_changes_of_rate_and_end()
    {
        var losses = new Queue<double>([1.5, 0.5]);
        var options = new TrainerOptions
        {
            BatchSize = 4,
            MaxSteps = 3,
            EvaluateEverySteps = 2,
            Schedule = new PlateauDecay(0.5f, 0.5f, 9),
            Loss = new StubLoss(evaluate: losses.Dequeue),
        };

        new Trainer(options, _logger).Fit(GivenAccuracy.Model(0.5, 0.8), GivenAccuracy.Data, GivenAccuracy.Data);

        Assert.That(_logger.Entries.Select(entry => (entry.Level, entry.Id.Id, entry.Id.Name, entry.Message)), Is.EqualTo(new[]
        {
            (
                LogLevel.Information,
                1,
                "Started",
                $"Training starts: 3 steps of 4 rows, 10 rows in the data set; kernels: {CpuTuning.Kernels}"),
            (LogLevel.Information, 2, "Evaluated", "Step 2: loss 1.5, accuracy 0.5, learning rate 0.5"),
            (LogLevel.Information, 3, "RateChanged", "Step 2: learning rate 0.5 becomes 0.25"),
            (LogLevel.Information, 2, "Evaluated", "Step 3: loss 0.5, accuracy 0.8, learning rate 0.25"),
            (LogLevel.Information, 4, "Ended", "Training ended after 3 steps: Completed"),
        }));
    }

    [Test]
    public void Divergence_is_logged_as_an_error_with_the_exception_and_no_end()
    {
        int calls = 0;
        var options = new TrainerOptions
        {
            BatchSize = 4,
            MaxSteps = 3,
            Loss = new StubLoss(train: () => ++calls == 2 ? double.NaN : 1),
        };

        TrainingDivergedException fault = Assert.Throws<TrainingDivergedException>(
            () => new Trainer(options, _logger)
                .Fit(new LogisticModel(SmallData.Features, SmallData.Classes), SmallData.Floats(10)))!;

        Assert.That(_logger.Entries.Select(entry => entry.Id.Id), Is.EqualTo(new[] { 1, 5 }));
        Assert.That(_logger.Entries[1], Is.EqualTo((
            LogLevel.Error, new EventId(5, "Diverged"), "Training diverged at step 2, learning rate 0.1", (Exception)fault)));
    }

    [Test]
    public void Refused_run_logs_nothing()
    {
        var trainer = new Trainer(new TrainerOptions { BatchSize = 4 }, _logger);
        Assert.That(() => trainer.Fit(new LogisticModel(5, 3), SmallData.Floats(10)), Throws.ArgumentException);
        Assert.That(_logger.Entries, Is.Empty);
    }

    [Test]
    public void Trainer_from_a_container_logs_under_its_own_name()
    {
        using var provider = new RecordingProvider();
        using ServiceProvider container = Services().AddLogging(logging => logging.AddProvider(provider)).BuildServiceProvider();

        container.GetRequiredService<Trainer>().Fit(
            new LogisticModel(SmallData.Features, SmallData.Classes), SmallData.Floats(10));

        Assert.That(provider.Loggers.Keys, Is.EqualTo(new[] { "BinaryConnect.Training.Trainer" }));
        Assert.That(provider.Loggers.Values.Single().Entries.Select(entry => entry.Message), Is.EqualTo(new[]
        {
            $"Training starts: 3 steps of 4 rows, 10 rows in the data set; kernels: {CpuTuning.Kernels}",
            "Training ended after 3 steps: Completed",
        }));
    }

    [Test]
    public void Trainer_from_a_container_without_logging_trains()
    {
        using ServiceProvider container = Services().BuildServiceProvider();

        TrainingReport report = container.GetRequiredService<Trainer>().Fit(
            new LogisticModel(SmallData.Features, SmallData.Classes), SmallData.Floats(10));

        Assert.That(report.Steps, Has.Count.EqualTo(3));
    }

    // A second constructor, or a parameter that is a plain ILogger, would let a container pass no logger without a
    // word.
    [Test]
    public void Trainer_has_one_constructor_which_takes_its_own_logger() =>
        Assert.That(
            typeof(Trainer).GetConstructors().Select(
                constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType)),
            Is.EqualTo(new[] { new[] { typeof(TrainerOptions), typeof(ILogger<Trainer>) } }));

    private static IServiceCollection Services() =>
        new ServiceCollection().AddSingleton(new TrainerOptions { BatchSize = 4 }).AddTransient<Trainer>();
}
