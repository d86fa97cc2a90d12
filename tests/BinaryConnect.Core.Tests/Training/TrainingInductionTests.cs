using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// Steps with the largest values that do not diverge. Clipped weights and optimizer state stay finite without a copy.
/// Values that are not clipped may overflow; then they and their state are restored.
/// </summary>
internal sealed class TrainingInductionTests
{
    private static readonly float Most = MathF.BitDecrement(IFusedUpdate.SmallGradient);

    // The last is the largest gradient whose square Adam does not count, and the least that it does.
    private static readonly float[] Edges =
        [Most, -Most, 0, 1, -1, float.Epsilon, MathF.ScaleB(1, -50), MathF.BitDecrement(MathF.ScaleB(1, -50))];

    private static IEnumerable<TestCaseData> Optimizers =>
    [
        Case("sgd", () => new Sgd()),
        Case("momentum near 1", () => new Sgd(MathF.BitDecrement(1))),
        Case("nesterov near 1", () => new Sgd(MathF.BitDecrement(1), nesterov: true)),
        Case("adam", () => new Adam()),
        Case("adam of zeros", () => new Adam(0, 0, float.Epsilon)),
        Case("adam without mean", () => new Adam(0, 0.999f, float.Epsilon)),
        Case("adam without variance", () => new Adam(0.9f, 0, float.Epsilon)),
        Case("adam near 1", () => new Adam(MathF.BitDecrement(1), MathF.BitDecrement(1), float.Epsilon)),
        Case("adam, mean near 1", () => new Adam(MathF.BitDecrement(1), 0.5f, float.Epsilon)),
    ];

    // Each weight has the same extreme gradient for many steps, then they change places. Some steps exceed the extreme.
    [TestCaseSource(nameof(Optimizers))]
    public void Everything_is_finite_after_each_step_good_or_not(Func<IOptimizer> make)
    {
        var rates = new[] { 0, float.Epsilon, 1e-3f, 1, IFusedUpdate.OrdinaryRate };
        var weight = new Parameter("weight", Edges.Length, rates.Length, isWeight: true, isBinarized: true);
        var bias = new Parameter("bias", 1, Edges.Length, isWeight: false, isBinarized: false);
        var wide = new Parameter("wide", 1, Edges.Length, isWeight: true, isBinarized: true) { Bound = float.MaxValue };
        Parameter[] all = [weight, bias, wide];
        int shift = 0;
        float beyond = 0;
        var model = new StubModel(1, 2, all)
        {
            OnBackward = () =>
            {
                foreach (Parameter parameter in all)
                {
                    for (int i = 0; i < parameter.Length; i++) parameter.Gradient[i] = Edges[(i + shift) % Edges.Length];
                }

                if (beyond != 0) wide.Gradient[^1] = beyond;
            },
        };
        IOptimizer optimizer = make();
        bias.Latent.Fill(float.MaxValue / 2);
        wide.Latent.Fill(float.MinValue / 2);
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), Optimizer = optimizer });
        int good = 0, bad = 0;
        for (int i = 0; i < 400; i++)
        {
            shift = i / 50;
            beyond = i % 7 == 6 ? float.NaN : i % 7 == 5 ? IFusedUpdate.SmallGradient : 0;
            float[][] before = [.. all.SelectMany(parameter => ValuesOf(parameter, optimizer))];
            try
            {
                step.Run(new Batch([1], [0]), rates[i / 3 % rates.Length]);
                good++;
                Assert.That(beyond, Is.Zero, $"step {i}: a gradient beyond the edge must not pass");
            }
            catch (TrainingDivergedException fault)
            {
                bad++;
                Assert.That(all.SelectMany(parameter => ValuesOf(parameter, optimizer)),
                    Is.EqualTo(before), $"step {i} is not taken back whole: {fault.Message}");
                if (beyond == 0)
                    Assert.That(fault.Message, Does.Contain("the update of 'bias'").Or.Contain("the update of 'wide'"));
            }

            foreach (Parameter parameter in all)
            {
                Assert.That(parameter.Latent.ToArray(), Is.All.Matches<float>(float.IsFinite), $"step {i}: {parameter.Name}");
                Assert.That(optimizer.StateOf(parameter).Fault(), Is.Null, $"step {i}: {parameter.Name}");
            }

            Assert.That(weight.Latent.ToArray(), Is.All.InRange(-1f, 1f), $"step {i}");
        }

        Assert.That(good, Is.AtLeast(60));
        Assert.That(bad, Is.AtLeast(100));
    }

    // The velocity grows to 2⁵⁸ / (1 − μ) = 2⁸². The bias grows with it, until it is too large for a float.
    [Test]
    public void A_bias_that_overflows_after_many_steps_with_momentum_near_1_stays_at_its_last_good_value([Values] bool nesterov)
    {
        var bias = new Parameter("bias", 1, 3, isWeight: false, isBinarized: false);
        bias.Latent.Fill(float.MinValue / 2);
        var weight = new Parameter("weight", 1, 3, isWeight: true, isBinarized: true);
        var model = new StubModel(1, 2, weight, bias)
        {
            OnBackward = () =>
            {
                bias.Gradient.Fill(Most);
                weight.Gradient.Fill(Most);
            },
        };
        var optimizer = new Sgd(MathF.BitDecrement(1), nesterov);
        optimizer.StateOf(bias).Slot(0).Fill(MathF.ScaleB(1, 81));
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), Optimizer = optimizer });
        TrainingDivergedException? fault = null;
        float[][] before = [];
        for (int i = 0; i < 1_000 && fault is null; i++)
        {
            before = [.. ValuesOf(bias, optimizer), .. ValuesOf(weight, optimizer)];
            fault = Outcome(() => step.Run(new Batch([1], [0]), IFusedUpdate.OrdinaryRate));
        }

        Assert.That(fault?.Message, Does.Contain("the update of 'bias' is not finite"));
        Assert.That(step.StepsTaken, Is.Positive);
        Assert.That((float[][])[.. ValuesOf(bias, optimizer), .. ValuesOf(weight, optimizer)], Is.EqualTo(before));
        Assert.That(before.SelectMany(values => values), Is.All.Matches<float>(float.IsFinite));
    }

    private static TrainingDivergedException? Outcome(Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (TrainingDivergedException fault)
        {
            return fault;
        }
    }

    private static IEnumerable<float[]> ValuesOf(Parameter parameter, IOptimizer optimizer)
    {
        OptimizerState state = optimizer.StateOf(parameter);
        yield return parameter.Latent.ToArray();
        yield return [state.Steps];
        for (int i = 0; i < state.SlotNames.Count; i++) yield return state.Slot(i).ToArray();
    }

    private static TestCaseData Case(string name, Func<IOptimizer> make) => new TestCaseData(make).SetArgDisplayNames(name);
}
