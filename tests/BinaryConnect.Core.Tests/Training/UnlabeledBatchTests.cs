using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>A batch without labels is for predictions. Training refuses it before anything changes.</summary>
internal sealed class UnlabeledBatchTests
{
    private const int Rows = 4;

    private static readonly float[] Inputs = Numbers.Uniform(1, Rows * SmallData.Features);

    [Test]
    public void A_step_names_the_labels_and_changes_nothing([Values] bool ofBytes)
    {
        var binarizer = new StochasticBinarizer(1);
        Sequential model = new(
            new FeatureShape(SmallData.Features),
            1,
            [new BinaryDense(20), new BatchNorm(), new Dropout(0.5f), new BinaryDense(SmallData.Classes)]);
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = Rows, Binarizer = binarizer });
        int[] bits = State();

        Assert.That(
            () => step.ComputeGradients(Unlabeled()),
            Throws.ArgumentException.With.Message.Contains("'batch' has no labels; it must have one for each of its 4 rows."));
        Assert.That(() => step.Run(Unlabeled(), 0.1f), Throws.ArgumentException.With.Message.Contains("'batch' has no labels"));
        Assert.That(() => step.Apply(1, 0.1f), Throws.InvalidOperationException);

        Assert.That(State(), Is.EqualTo(bits));
        Assert.That(binarizer.Draws, Is.Zero);
        Assert.That(model.Draws, Is.EqualTo(new long[] { 0 }));
        Assert.That(step.StepsTaken, Is.Zero);

        Batch Unlabeled() => ofBytes ? new Batch(new byte[Inputs.Length], Rows, 1, 0) : new Batch(Inputs, Rows);

        int[] State() => [.. SmallNetwork.Bits(model), .. model.Parameters.SelectMany(
            parameter => Numbers.Bits(parameter.Effective))];
    }

    [Test]
    public void A_loss_refuses_no_labels([Values] bool hinge)
    {
        ILoss loss = hinge ? new SquaredHingeLoss() : new CrossEntropyLoss();
        float[] gradient = [7, 7, 7];

        Assert.That(() => loss.Compute(new float[3], []), Throws.InstanceOf<ArgumentException>().With.Message.Contains("labels"));
        Assert.That(
            () => loss.Compute(new float[3], [], gradient),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("labels"));
        Assert.That(gradient, Is.EqualTo(new float[] { 7, 7, 7 }));
    }
}
