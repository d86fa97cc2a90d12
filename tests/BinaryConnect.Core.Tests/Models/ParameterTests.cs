using BinaryConnect.Binarization;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

internal sealed class ParameterTests
{
    [Test]
    public void Parameter_keeps_what_it_was_made_from()
    {
        var parameter = new Parameter("w", fanIn: 3, fanOut: 2, isWeight: true, isBinarized: false);

        Assert.That(parameter.Name, Is.EqualTo("w"));
        Assert.That(parameter.FanIn, Is.EqualTo(3));
        Assert.That(parameter.FanOut, Is.EqualTo(2));
        Assert.That(parameter.Length, Is.EqualTo(6));
        Assert.That(parameter.IsWeight, Is.True);
        Assert.That(parameter.IsBinarized, Is.False);
        Assert.That(parameter.Bound, Is.EqualTo(1));
        Assert.That(parameter.RateScale, Is.EqualTo(1));
        Assert.That(new Parameter("b", 1, 1, isWeight: false, isBinarized: true).IsWeight, Is.False);
        Assert.That(new Parameter("b", 1, 1, isWeight: false, isBinarized: true).IsBinarized, Is.True);
    }

    // 65,536 · 65,536 is 0 in 32 bits, and 46,341² is negative.
    [TestCase(65_536, 65_536, "4,294,967,296")]
    [TestCase(46_341, 46_341, "2,147,488,281")]
    [TestCase(1, 2_147_418_113, "2,147,418,113")]
    [TestCase(int.MaxValue, 1, "2,147,483,647")]
    [TestCase(int.MaxValue, int.MaxValue, "4,611,686,014,132,420,609")]
    public void More_values_than_fit_one_buffer_are_refused(int fanIn, int fanOut, string length) => Refusal.TakesNoMemory(
        () => _ = new Parameter("p", fanIn, fanOut, isWeight: true, isBinarized: true),
        Throws.ArgumentException.With.Message.EqualTo(
            $"'fanIn' times 'fanOut' is {length}; it must be at most 2,147,418,112. (Parameter 'fanOut')"));

    [Test]
    public void All_values_start_as_zero([Values] bool isBinarized)
    {
        var parameter = new Parameter("w", 3, 2, true, isBinarized);

        Assert.That(parameter.Latent.ToArray(), Is.EqualTo(new float[6]));
        Assert.That(parameter.Effective.ToArray(), Is.EqualTo(new float[6]));
        Assert.That(parameter.Gradient.ToArray(), Is.EqualTo(new float[6]));
    }

    [Test]
    public void Effective_is_latent_itself_when_not_binarized()
    {
        var parameter = new Parameter("b", 1, 2, false, isBinarized: false);

        parameter.Latent[1] = -0.25f;
        parameter.Binarize(new DeterministicBinarizer());

        Assert.That(parameter.Effective == parameter.Latent, Is.True);
        Assert.That(parameter.Effective.ToArray(), Is.EqualTo(new[] { 0, -0.25f }));
    }

    [Test]
    public void Latent_effective_and_gradient_of_a_binarized_parameter_are_apart()
    {
        var parameter = new Parameter("w", 1, 2, true, isBinarized: true);

        parameter.Latent.Fill(1);
        parameter.Effective.Fill(2);
        parameter.Gradient.Fill(3);

        Assert.That(parameter.Latent.ToArray(), Is.EqualTo(new[] { 1f, 1 }));
        Assert.That(parameter.Effective.ToArray(), Is.EqualTo(new[] { 2f, 2 }));
        Assert.That(parameter.Gradient.ToArray(), Is.EqualTo(new[] { 3f, 3 }));
    }

    [Test]
    public void Binarize_binarizes_the_latent_values_to_the_bound_and_leaves_them()
    {
        var parameter = new Parameter("w", 2, 2, true, isBinarized: true) { Bound = 0.5f };
        float[] latent = [0.1f, -0.1f, -0f, -3];
        latent.CopyTo(parameter.Latent);

        parameter.Binarize(new DeterministicBinarizer());

        Assert.That(parameter.Bound, Is.EqualTo(0.5f));
        Assert.That(parameter.Effective.ToArray(), Is.EqualTo(new[] { 0.5f, -0.5f, 0.5f, -0.5f }));
        Assert.That(Numbers.Bits(parameter.Latent), Is.EqualTo(Numbers.Bits(latent)));
    }

    // Effective values that a model keeps in another form are kept as well as those in memory.
    [Test]
    public void A_binarizer_that_throws_leaves_the_effective_values([Values] bool wereRead)
    {
        var parameter = new Parameter("w", 3, 1, true, isBinarized: true);
        parameter.DeferEffective(values => values.Fill(-1));
        if (wereRead) Assert.That(parameter.Effective.ToArray(), Is.All.EqualTo(-1));
        var binarizer = new OwnBinarizer((_, _) => throw new NotSupportedException());

        Assert.That(() => parameter.Binarize(binarizer), Throws.TypeOf<NotSupportedException>());

        Assert.That(parameter.Effective.ToArray(), Is.All.EqualTo(-1));
    }

    [TestCase(784, 10, 0.04346456)]
    [TestCase(1, 1, 0.8660254)]
    [TestCase(1024, 1024, 0.02706329)]
    public void Glorot_coefficient_is_the_root_of_one_and_a_half_over_the_fans(int fanIn, int fanOut, double expected) =>
        Assert.That(new Parameter("w", fanIn, fanOut, true, true).GlorotCoefficient, Is.EqualTo(expected).Within(1e-7));

    [Test]
    public void Rate_scale_can_be_changed()
    {
        var parameter = new Parameter("w", 1, 1, true, true) { RateScale = 2 };
        Assert.That(parameter.RateScale, Is.EqualTo(2));
        parameter.RateScale = 0.25f;
        Assert.That(parameter.RateScale, Is.EqualTo(0.25f));
    }

    [TestCase(0f, "0")]
    [TestCase(-1f, "-1")]
    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "Infinity")]
    public void Bound_and_rate_scale_must_be_positive_and_finite(float value, string shown)
    {
        var parameter = new Parameter("w", 1, 1, true, true);
        Assert.That(
            () => parameter.RateScale = value,
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                $"'RateScale' is {shown}; it must be positive and finite. (Parameter 'RateScale')"));
        Assert.That(
            () => new Parameter("w", 1, 1, true, true) { Bound = value },
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                $"'Bound' is {shown}; it must be positive and finite. (Parameter 'Bound')"));
        Assert.That(parameter.RateScale, Is.EqualTo(1));
    }

    [Test]
    public void Faults_of_the_constructor_are_named()
    {
        Assert.That(() => new Parameter("", 1, 1, true, true), Throws.ArgumentException.With.Message.EqualTo(
            "The value cannot be an empty string. (Parameter 'name')"));
        Assert.That(() => new Parameter(null!, 1, 1, true, true), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'name')"));
        Assert.That(() => new Parameter("w", 0, 1, true, true), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'fanIn' is 0; it must be at least 1. (Parameter 'fanIn')"));
        Assert.That(
            () => new Parameter("w", 1, -1, true, true), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'fanOut' is -1; it must be at least 1. (Parameter 'fanOut')"));
    }

    [Test]
    public void Binarize_refuses_null_even_where_nothing_is_binarized([Values] bool isBinarized) =>
        Assert.That(
            () => new Parameter("w", 1, 1, true, isBinarized).Binarize(null!), Throws.ArgumentNullException.With.Message.EqualTo(
                "Value cannot be null. (Parameter 'binarizer')"));
}
