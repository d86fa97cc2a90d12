using BinaryConnect.Models;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Tests.Optimizers;

/// <summary>
/// Optimizers against their formulas in float64, for every β and gradients of every size. Errors are relative to the
/// result for gradients of one sign, since a float32 sum is no more exact than its terms.
/// </summary>
internal sealed class OptimizerReferenceTests
{
    // Three whole registers of 512 bits and a rest.
    private const int Length = 53;
    private const int StepCount = 60;
    private const float Rate = 0.01f;

    // A new average is off by some 2⁻²², and keeps β of the error before it.
    private const double Unit = 5e-7;

    private static readonly float[] Betas = [0, 0.001f, 0.25f, 0.5f, 0.9f, 0.999f];

    public enum Gradients
    {
        Small,
        One,
        Large,
        Alternating,
        Rare,
        Falling,
    }

    [Test]
    public void A_gradient_of_a_ten_thousandth_after_one_of_1_moves_by_the_rate_without_memory()
    {
        var optimizer = new Adam(beta1: 0, beta2: 0);
        var parameter = new Parameter("w", Length, 1, isWeight: true, isBinarized: true);
        parameter.Gradient.Fill(1);
        optimizer.Step(parameter, 0.01f);
        parameter.Gradient.Fill(1e-4f);
        optimizer.Step(parameter, 0.01f);

        // 1e-4 / (√(1e-8) + 1e-8) is 0.9999.
        Assert.That(parameter.Latent.ToArray(), Is.All.EqualTo(-0.019999).Within(1e-8));
    }

    [Test]
    public void Adam_follows_its_formulas(
        [ValueSource(nameof(Betas))] float beta1, [ValueSource(nameof(Betas))] float beta2, [Values] Gradients gradients)
    {
        var optimizer = new Adam(beta1, beta2);
        var parameter = new Parameter("w", Length, 1, isWeight: true, isBinarized: true);
        OptimizerState state = optimizer.StateOf(parameter);
        double[] mean = new double[Length], magnitude = new double[Length], variance = new double[Length];
        double meanTolerance = Unit / (1 - beta1), varianceTolerance = Unit / (1 - beta2);
        for (int step = 1; step <= StepCount; step++)
        {
            Fill(parameter.Gradient, gradients, step);
            float[] before = parameter.Latent.ToArray();
            optimizer.Step(parameter, Rate);
            double correction1 = 1 - Math.Pow(beta1, step), correction2 = 1 - Math.Pow(beta2, step);
            for (int i = 0; i < Length; i++)
            {
                double g = parameter.Gradient[i];
                mean[i] = beta1 * mean[i] + (1.0 - beta1) * g;
                magnitude[i] = beta1 * magnitude[i] + (1.0 - beta1) * Math.Abs(g);
                variance[i] = Flushed(beta2 * variance[i] + (1.0 - beta2) * g * g);
                double root = Math.Sqrt(variance[i] / correction2) + 1e-8;
                double move = -Rate * (Flushed(mean[i]) / correction1) / root, most = Rate * (magnitude[i] / correction1) / root;
                string where = $"step {step}, gradient {i}, {g}";

                Assert.That(
                    state.Slot(0)[i], Is.EqualTo(mean[i]).Within(meanTolerance * magnitude[i] + FlushToZero), $"mean, {where}");
                Assert.That(
                    state.Slot(1)[i], Is.EqualTo(variance[i]).Within(varianceTolerance * variance[i]), $"variance, {where}");
                Assert.That(state.Slot(1)[i], Is.Not.Negative, where);
                Assert.That(
                    parameter.Latent[i],
                    Is.EqualTo(before[i] + move)
                        .Within((meanTolerance + varianceTolerance) * most + 1.2e-7 * Math.Abs(before[i] + move) + 1e-12),
                    $"value, {where}");
            }
        }
    }

    [Test]
    public void Descent_follows_its_formulas(
        [ValueSource(nameof(Betas))] float momentum, [Values] bool nesterov, [Values] Gradients gradients)
    {
        if (nesterov && momentum == 0) return;
        var optimizer = new Sgd(momentum, nesterov);
        var parameter = new Parameter("w", Length, 1, isWeight: true, isBinarized: true);
        OptimizerState state = optimizer.StateOf(parameter);
        double[] velocity = new double[Length], magnitude = new double[Length];
        double tolerance = Unit / (1 - momentum);
        for (int step = 1; step <= StepCount; step++)
        {
            Fill(parameter.Gradient, gradients, step);
            float[] before = parameter.Latent.ToArray();
            optimizer.Step(parameter, Rate);
            for (int i = 0; i < Length; i++)
            {
                double g = parameter.Gradient[i];
                velocity[i] = momentum * velocity[i] + g;
                magnitude[i] = momentum * magnitude[i] + Math.Abs(g);
                double direction = nesterov ? g + momentum * velocity[i] : velocity[i], move = -Rate * direction;
                string where = $"step {step}, gradient {i}, {g}";

                if (momentum > 0)
                    Assert.That(state.Slot(0)[i], Is.EqualTo(velocity[i]).Within(tolerance * magnitude[i] + FlushToZero), where);
                Assert.That(
                    parameter.Latent[i],
                    Is.EqualTo(before[i] + move)
                        .Within(2 * tolerance * Rate * magnitude[i] + 1.2e-7 * Math.Abs(before[i] + move) + 1e-12),
                    $"value, {where}");
            }
        }
    }

    // 2⁻¹⁰⁰, below which moments count as 0.
    private static double FlushToZero => Math.ScaleB(1, -100);

    private static double Flushed(double value) => Math.Abs(value) < FlushToZero ? 0 : value;

    private static void Fill(Span<float> gradient, Gradients kind, int step)
    {
        var random = new Random(step);
        foreach (ref float g in gradient)
        {
            float sign = random.Next(2) == 0 ? -1 : 1, size = 0.5f + random.NextSingle();
            g = sign * size * kind switch
            {
                Gradients.Small => 1e-4f,
                Gradients.Large => 1e4f,
                Gradients.Alternating => step % 2 == 0 ? 1e4f : 1e-4f,
                Gradients.Rare => random.Next(20) == 0 ? 1 : 0,
                Gradients.Falling => MathF.Pow(10, 4 - step * 0.2f),
                _ => 1,
            };
        }
    }
}
