using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Files and runs that do not fit are refused with the name of the fault; nothing changes.</summary>
internal sealed class CheckpointFaultTests
{
    private SavedRun _run = null!;

    private static IEnumerable<TestCaseData> Contents =>
    [
        Content(
            f => f.Metadata.Remove("format"),
            "its metadata has no 'format'; that of a checkpoint has 'BinaryConnect checkpoint'."),
        Content(f => f.Metadata["format"] = "pt", "its format is 'pt'; it must be 'BinaryConnect checkpoint'."),
        Content(
            f => f.Metadata["version"] = "1",
            "it is a checkpoint of version '1', written by BinaryConnect.Core 0.1.0-rc.1; it must be of version '2'."),
        Content(
            f => (f.Metadata["version"], f.Metadata["written_by"]) = ("3", "Later 9"),
            "it is a checkpoint of version '3', written by Later 9; it must be of version '2'."),
        Content(
            f =>
            {
                f.Metadata.Remove("version");
                f.Metadata.Remove("written_by");
            },
            "it is a checkpoint of version ''; it must be of version '2'."),
        Content(f => f.Tensors["extra"] = ([1], new float[1]), "it has a tensor 'extra'; a checkpoint of this run has none."),
        Content(
            f => f.Tensors["model.latent.layer1.weights"] = ([6, 8], new float[48]),
            "tensor 'model.latent.layer1.weights' has shape [6, 8]; it must be [8, 6]."),
        Content(
            f => f.Tensors["model.statistic.layer1.mean"] = ([8], new double[8]),
            "tensor 'model.statistic.layer1.mean' has values of F64; they must be of F32."),
        Content(
            f => ((float[])f.Tensors["best.latent.layer2.gamma"].Values)[3] = float.NaN,
            "tensor 'best.latent.layer2.gamma' has NaN or infinite values; all must be finite."),
        Content(
            f => ((float[])f.Tensors["model.latent.layer2.weights"].Values)[0] = float.PositiveInfinity,
            "tensor 'model.latent.layer2.weights' has NaN or infinite values; all must be finite."),
        Content(
            f => ((long[])f.Tensors["optimizer.steps"].Values)[1] = -1,
            "tensor 'optimizer.steps' has -1 at 1; it must be from 0 to 4,503,599,627,370,496."),
        Content(
            f => f.Tensors["binarizer.draws"] = ([1], new long[] { -5 }),
            "tensor 'binarizer.draws' has -5 at 0; it must be from 0 to 4,503,599,627,370,496."),
        Content(f => f.Tensors["model.draws"] = ([1], new long[1]), "tensor 'model.draws' has shape [1]; it must be [2]."),
        Content(
            f => f.Tensors["sampler.position"] = ([2], new[] { 1, 24 }),
            "tensor 'sampler.position' is epoch 1, row 24; the sampler must have such a place."),
        Content(
            f => f.Tensors["sampler.position"] = ([2], new[] { -1, 0 }),
            "tensor 'sampler.position' is epoch -1, row 0; the sampler must have such a place."),
        Content(
            f => f.Tensors["schedule.state"] = ([2], new double[2]),
            "tensor 'schedule.state' is no state of the schedule. 'State' has length 2; it must have decays, "
            + "evaluations waited and a loss, 3. (Parameter 'State')"),
        Content(
            f => f.Tensors["schedule.state"] = ([3], new[] { 0.5, 0, 1 }),
            "tensor 'schedule.state' is no state of the schedule. 'State' is 0.5, 0, 1; it must be two counts and a loss. "
            + "(Parameter 'State')"),
        Content(
            f => f.Tensors["report.steps.loss"] = ([1, 7], new double[7]),
            "tensor 'report.steps.loss' has shape [1, 7]; it must be a list of at most 2,147,483,591 values."),
        Content(
            f => f.Tensors["report.steps.sign_flips"] = ([6], new int[6]),
            "tensor 'report.steps.sign_flips' has shape [6]; it must be [7]."),
        Content(
            f => f.Tensors["report.evaluations.step"] = ([2], new[] { 3, 3 }),
            "tensor 'report.evaluations.step' has 3 at 1; it must be a step from 4 to 7."),
        Content(
            f => f.Tensors["report.evaluations.step"] = ([2], new[] { 3, 8 }),
            "tensor 'report.evaluations.step' has 8 at 1; it must be a step from 4 to 7."),
        Content(
            f => f.Tensors["report.elapsed"] = ([1], new long[] { -1 }),
            "tensor 'report.elapsed' has -1 at 0; it must be from 0 to 4,503,599,627,370,496."),
    ];

    [SetUp]
    public void WriteCheckpoint() => _run = new SavedRun();

    [TearDown]
    public void CleanUp() => _run.Dispose();

    [TestCaseSource(nameof(Contents))]
    public void Content_that_does_not_fit_is_named(Action<CheckpointFile> change, string message)
    {
        _run.Change(change);

        _run.AssertRefused<InvalidDataException>($"{_run.Path}: {message}");
    }

    [Test]
    public void Each_tensor_is_needed()
    {
        foreach (string name in CheckpointFile.Load(_run.Path).Tensors.Keys)
        {
            CheckpointFile file = CheckpointFile.Load(_run.Path);
            (long[] shape, Array values) = file.Tensors[name];
            file.Tensors.Remove(name);
            file.Tensors["other"] = (shape, values);
            string without = _run.Folder.PathOf("without.safetensors");
            file.Save(without);

            Assert.That(
                () => Resume(without),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(
                    $"{without}: it has no tensor '{name}'; its tensors are "));
        }
    }

    [Test]
    public void A_bit_that_flips_anywhere_is_found()
    {
        byte[] good = File.ReadAllBytes(_run.Path);
        for (int at = 0; at < good.Length; at += 61)
        {
            byte[] bad = [.. good];
            bad[at] ^= 4;
            File.WriteAllBytes(_run.Path, bad);
            _run.AssertRefused<InvalidDataException>(null, _run.Path);
        }
    }

    [Test]
    public void A_file_cut_short_anywhere_is_refused()
    {
        byte[] good = File.ReadAllBytes(_run.Path);
        for (int length = 0; length < good.Length; length += 509)
        {
            File.WriteAllBytes(_run.Path, good[..length]);
            _run.AssertRefused<InvalidDataException>(null, _run.Path);
        }
    }

    [Test]
    public void A_run_that_has_no_step_left_is_refused() =>
        _run.AssertRefused<ArgumentException>(
            SavedRun.Options with { MaxSteps = 7 }, SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation,
            $"{_run.Path}: it was saved after step 7; 'MaxSteps' and 'MaxEpochs' give 7 steps; they must give more.");

    [Test]
    public void Without_a_path_or_a_file_nothing_is_resumed()
    {
        string missing = _run.Folder.PathOf("missing.safetensors");
        var trainer = new Trainer(SavedRun.Options with { CheckpointPath = _run.Path });
        Assert.That(() => Resume(null), Throws.InvalidOperationException.With.Message.EqualTo(
            "'CheckpointPath' is null; to resume a run it must name the file of its checkpoint."));
        Assert.That(() => Resume(missing), Throws.TypeOf<FileNotFoundException>().With.Message.Contains(missing));
        Assert.That(() => new Trainer(SavedRun.Options).Resume(SavedRun.Network(), (Dataset)null!), Throws.ArgumentNullException);
        Assert.That(() => trainer.Resume(SavedRun.Network(), (BatchSampler)null!), Throws.ArgumentNullException);
        Assert.That(() => trainer.Resume(null!, SavedRun.Train), Throws.ArgumentNullException);
    }

    [Test]
    public void A_place_where_no_checkpoint_can_be_written_is_refused_before_training()
    {
        string nowhere = _run.Folder.PathOf("none"), inNowhere = Path.Combine(nowhere, "run.safetensors");
        MultilayerPerceptron model = SavedRun.Network();
        int[] before = SmallNetwork.Bits(model);

        Assert.That(() => Fit(inNowhere, model), Throws.ArgumentException.With.Message.EqualTo(
            $"'CheckpointPath' is '{inNowhere}', and there is no folder '{nowhere}'; it must exist."));
        Assert.That(() => Fit(_run.Folder.Path, model), Throws.ArgumentException.With.Message.EqualTo(
            $"'CheckpointPath' is '{_run.Folder.Path}', which is a folder; it must name a file."));
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
    }

    [Test]
    public void Two_parameters_of_one_name_are_refused_before_training()
    {
        Parameter first = new("w", 1, 2, true, true), second = new("w", 1, 2, false, false);

        Assert.That(
            () => Fit(_run.Path, new StubModel(SmallData.Features, SmallData.Classes, first, second)),
            Throws.ArgumentException.With.Message.EqualTo(
                "The model has two parameters named 'w'; for a checkpoint each must have a name of its own."));
    }

    [Test]
    public void A_checkpoint_that_cannot_be_written_ends_the_run()
    {
        using var folder = new TemporaryFolder();
        string gone = folder.PathOf("gone"), path = Path.Combine(gone, "run.safetensors");
        Directory.CreateDirectory(gone);
        var progress = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Step == 3) Directory.Delete(gone, recursive: true);
        });

        TrainingStoppedException stopped = Assert.Throws<TrainingStoppedException>(
            () => Fit(path, SavedRun.Network(), progress))!;

        Assert.That(stopped.Cause, Is.EqualTo(TrainingFault.File));
        Assert.That(stopped.InnerException, Is.InstanceOf<IOException>());
        Assert.That(stopped.Report!.StopReason, Is.EqualTo(StopReason.Failed));
        Assert.That(stopped.Report.Steps, Has.Count.EqualTo(3));
        Assert.That(stopped.Message, Does.StartWith(
            $"Training stopped after step 3: the checkpoint '{path}' could not be written (DirectoryNotFoundException: "));
        Assert.That(stopped.Message, Does.EndWith("The model holds the weights of the best evaluation, after step 3."));
    }

    private static void Resume(string? path) =>
        new Trainer(SavedRun.Options with { CheckpointPath = path })
            .Resume(SavedRun.Network(), SavedRun.Train, SavedRun.Evaluation);

    private static void Fit(string path, IModel model, IProgress<TrainingProgress>? progress = null) =>
        new Trainer(SavedRun.Options with { CheckpointPath = path, CheckpointEverySteps = 1 })
            .Fit(model, SavedRun.Train, SavedRun.Evaluation, progress);

    private static TestCaseData Content(Action<CheckpointFile> change, string message) =>
        new TestCaseData(change, message).SetArgDisplayNames(message);
}
