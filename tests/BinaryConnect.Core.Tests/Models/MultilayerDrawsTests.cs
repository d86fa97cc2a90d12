using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>How often the dropout layers of a network have drawn.</summary>
internal sealed class MultilayerDrawsTests
{
    [Test]
    public void Draws_count_batches_in_training_alone_and_repeat_what_was_drawn()
    {
        MultilayerPerceptron model = Network();
        Batch batch = SmallData.Floats(5).View(0, 5, default);
        float[] first = new float[5 * SmallData.Classes], second = new float[first.Length], again = new float[first.Length];
        model.Infer(batch, first);
        Assert.That(model.Draws, Is.EqualTo(new long[] { 0, 0, 0 }));

        model.Forward(batch, first);
        model.Forward(batch, second);
        Assert.That(model.Draws, Is.EqualTo(new long[] { 2, 2, 2 }));
        model.Draws = [1, 1, 1];
        model.Forward(batch, again);

        Assert.That(again, Is.EqualTo(second));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(model.Draws, Is.EqualTo(new long[] { 2, 2, 2 }));
    }

    [Test]
    public void Draws_that_do_not_fit_are_refused_and_change_nothing()
    {
        MultilayerPerceptron model = Network();

        Assert.That(() => model.Draws = null!, Throws.ArgumentNullException);
        Assert.That(() => model.Draws = [1, 2], Throws.ArgumentException.With.Message.EqualTo(
            "'Draws' has length 2; it must have a number for each layer and binarizer that draws, 3. (Parameter 'Draws')"));
        Assert.That(() => model.Draws = [1, 2, -1], Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(model.Draws, Is.EqualTo(new long[] { 0, 0, 0 }));
    }

    [Test]
    public void What_draws_nothing_has_no_draws()
    {
        var model = new LogisticModel(2, 2);
        model.Draws = [];
        IBinarizer binarizer = new DeterministicBinarizer();
        binarizer.Draws = 5;

        Assert.That(model.Draws, Is.Empty);
        Assert.That(binarizer.Draws, Is.Zero);
        Assert.That(SmallNetwork.New().Draws, Is.Empty);
    }

    private static MultilayerPerceptron Network() => new(SmallNetwork.Options with { InputDropout = 0.2f, HiddenDropout = 0.5f });
}
