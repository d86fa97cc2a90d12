using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class LatentUpdateTests
{
    // All differ, and all matter: to mix two of them up moves some result by far more than the tolerance.
    private const float Rate = 0.3f, Momentum = 0.9f, Bound = 0.8f;

    // Inputs are at most 1 in magnitude; each result is some five roundings of 2⁻²⁴ away from the exact one.
    private const double Tolerance = 5e-7;

    private static readonly AdamCoefficients Coefficients = new(
        Rate: 0.03f,
        KeptMean: 0.9f,
        NewMean: 0.1f,
        KeptVariance: 0.75f,
        NewVariance: 0.25f,
        VarianceCorrection: 1.7f,
        Epsilon: 0.05f);

    [Test]
    public void Descent_moves_clips_keeps_and_counts_at_every_length([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            FencedBuffer values = new(KernelInputs.Uniform(length, seed: 1)), before = new(length);
            float[] old = values.Span.ToArray(), gradient = KernelInputs.Uniform(length, seed: 2);

            (int flips, double l1) = LatentUpdateForms.Run(form, new DescentRule(gradient, Rate), values, before, Bound);

            AssertUpdate(values, before, old, i => old[i] - (double)Rate * gradient[i], flips, l1, $"length {length}");
        }
    }

    [Test]
    public void Nesterov_looks_ahead_along_the_velocity([Values] Form form)
    {
        for (int length = 0; length <= 256; length++)
        {
            FencedBuffer values = new(KernelInputs.Uniform(length, seed: 1)), before = new(length);
            float[] old = values.Span.ToArray(), gradient = KernelInputs.Uniform(length, seed: 2);
            float[] velocity = KernelInputs.Uniform(length, seed: 3);

            (int flips, double l1) = LatentUpdateForms.Run(
                form, new NesterovRule(gradient, velocity, Rate, Momentum), values, before, Bound);

            AssertUpdate(
                values, before, old, i => old[i] - Rate * (gradient[i] + (double)Momentum * velocity[i]), flips, l1,
                $"length {length}");
        }
    }

    [Test]
    public void Adam_moves_value_mean_and_variance_at_every_length([Values] Form form)
    {
        AssertAdam<IncrementalAverage, IncrementalAverage>(form);
        AssertAdam<IncrementalAverage, WeightedAverage>(form);
        AssertAdam<WeightedAverage, IncrementalAverage>(form);
        AssertAdam<WeightedAverage, WeightedAverage>(form);
    }

    // A form old + k · (new − old) would round at the size of the old average: −0 or 2⁻¹⁰ instead of 10⁻⁴.
    [Test]
    public void A_weighted_average_is_exact_for_values_far_below_the_old_average(
        [Values] Form form, [Values(0, 1e-9f, 0.25f)] float kept)
    {
        const int Length = 33;
        float[] values = new float[Length], mean = new float[Length], variance = new float[Length], gradient = new float[Length];
        mean.AsSpan().Fill(1e4f);
        variance.AsSpan().Fill(1e8f);
        gradient.AsSpan().Fill(1e-4f);
        float taken = 1 - kept;
        AdamCoefficients by = Coefficients with { KeptMean = kept, NewMean = taken, KeptVariance = kept, NewVariance = taken };

        var rule = new AdamRule<WeightedAverage, WeightedAverage>(gradient, mean, variance, by);
        LatentUpdateForms.Run(form, rule, values, values, Bound);

        Assert.That(mean, Is.All.EqualTo((double)kept * 1e4f + (1.0 - kept) * 1e-4f).Within(3e-5).Percent);
        Assert.That(variance, Is.All.EqualTo((double)kept * 1e8f + (1.0 - kept) * 1e-4f * 1e-4f).Within(3e-5).Percent);
    }

    [Test]
    public void An_infinite_bound_does_not_clip([Values] Form form)
    {
        float[] values = new float[33], gradient = new float[33];
        gradient.AsSpan().Fill(-1e30f);

        LatentUpdateForms.Run(form, new DescentRule(gradient, 1), values, values, float.PositiveInfinity);

        Assert.That(values, Is.All.EqualTo(1e30f));
    }

    [Test]
    public void NaN_in_one_gradient_stays_in_its_place_and_shows_in_the_sum([Values] Form form)
    {
        float[] values = new float[33], gradient = new float[33], mean = new float[33], variance = new float[33];
        gradient[17] = float.NaN;

        var rule = new AdamRule<IncrementalAverage, IncrementalAverage>(gradient, mean, variance, Coefficients);
        (_, double l1) = LatentUpdateForms.Run(form, rule, values, new float[33], Bound);

        Assert.That(Enumerable.Range(0, 33).Where(i => float.IsNaN(values[i])), Is.EqualTo(new[] { 17 }));
        Assert.That(l1, Is.NaN);
    }

    [Test]
    public void A_sum_of_many_small_changes_keeps_its_digits([Values] Form form)
    {
        float[] values = new float[1_000_000], gradient = new float[values.Length];
        gradient.AsSpan().Fill(1);

        (int flips, double l1) = LatentUpdateForms.Run(form, new DescentRule(gradient, 1e-3f), values, values, Bound);

        Assert.That(flips, Is.EqualTo(values.Length));
        Assert.That(l1, Is.EqualTo(1000).Within(1e-3));
    }

    private static void AssertAdam<TMean, TVariance>(Form form)
        where TMean : struct, IRunningAverage
        where TVariance : struct, IRunningAverage
    {
        for (int length = 0; length <= 256; length++)
        {
            FencedBuffer values = new(KernelInputs.Uniform(length, seed: 1)), before = new(length);
            float[] old = values.Span.ToArray(), gradient = KernelInputs.Uniform(length, seed: 2);
            var mean = new FencedBuffer(KernelInputs.Uniform(length, seed: 3));
            var variance = new FencedBuffer([.. KernelInputs.Uniform(length, seed: 4).Select(Math.Abs)]);
            double[] m = [.. mean.Span.ToArray().Zip(gradient, (mean, g) => mean + 0.1 * (g - mean))];
            double[] v =
                [.. variance.Span.ToArray().Zip(gradient, (variance, g) => variance + 0.25 * ((double)g * g - variance))];

            var rule = new AdamRule<TMean, TVariance>(gradient, mean, variance, Coefficients);
            (int flips, double l1) = LatentUpdateForms.Run(form, rule, values, before, Bound);

            AssertUpdate(
                values, before, old, i => old[i] - 0.03 * m[i] / (Math.Sqrt(v[i] * 1.7) + 0.05), flips, l1, $"length {length}");
            Assert.That(Numbers.LargestError(mean.Span, m), Is.LessThan(Tolerance), $"means of {length}");
            Assert.That(Numbers.LargestError(variance.Span, v), Is.LessThan(Tolerance), $"variances of {length}");
            mean.AssertFencesStand($"length {length}");
            variance.AssertFencesStand($"length {length}");
        }
    }

    private static void AssertUpdate(
        FencedBuffer values, FencedBuffer before, float[] old, Func<int, double> exact, int flips, double l1, string when)
    {
        double change = 0;
        for (int i = 0; i < old.Length; i++)
        {
            double expected = Math.Clamp(exact(i), -Bound, Bound);
            if (Math.Abs(values.Span[i] - expected) > Tolerance) Assert.Fail($"{when}, at {i}: {values.Span[i]} for {expected}");
            change += Math.Abs(expected - old[i]);
        }

        float[] now = values.Span.ToArray();
        Assert.That(before.Span.ToArray(), Is.EqualTo(old), when);
        Assert.That(flips, Is.EqualTo(old.Zip(now).Count(pair => pair.First < 0 != pair.Second < 0)), when);
        Assert.That(l1, Is.EqualTo(change).Within(1e-4), when);
        values.AssertFencesStand(when);
        before.AssertFencesStand(when);
    }
}
