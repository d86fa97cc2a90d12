using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Networks;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.UserLayers;

namespace BinaryConnect.Tests.Models.Networks;

/// <summary>
/// A layer works in the memory of its inputs only where no layer reads backward what it overwrites. Each chain is
/// compared with the same layers in separate memory.
/// </summary>
internal sealed class OverwritingTests
{
    private static IEnumerable<TestCaseData> Chains =>
    [
        Chain("0", () => [new Relu()]),
        Chain("1", () => [new BinaryDense(20), new Relu()], 1),
        Chain(
            "dense, relu, dropout, dropout",
            () => [new BinaryDense(20), new Relu(), new Dropout(0.3f), new Dropout(0.4f)],
            1, 2, 3),
        Chain("relu, dropout twice on inputs", () => [new Relu(), new Dropout(0.3f), new Dropout(0.4f)], 1, 2),
        Chain("tanh, dropout", () => [new BinaryDense(20), new Tanh(), new Dropout(0.4f)]),
        Chain("tanh, identity, dropout", () => [new BinaryDense(20), new Tanh(), new Identity(), new Dropout(0.4f)], 3),
        Chain("identity, tanh", () => [new BinaryDense(20), new Identity(), new Tanh()], 1),
        Chain("identities", () => [new Identity(), new Identity(), new Identity()], 1, 2),
        Chain("identities, dropout", () => [new BinaryDense(20), new Identity(), new Identity(), new Dropout(0.4f)], 1, 2, 3),
        Chain(
            "relu, identities, dropout",
            () => [new BinaryDense(20), new Relu(), new Identity(), new Identity(), new Dropout(0.4f)],
            1, 2, 3, 4),
        Chain("scale, dropout", () => [new BinaryDense(20), new LearnedScale(2), new Dropout(0.4f)], 1),
        Chain("scale, relu", () => [new BinaryDense(20), new LearnedScale(2), new Relu(), new Dropout(0.4f)], 1, 3),
        Chain("relu, scale", () => [new BinaryDense(20), new Relu(), new LearnedScale(2), new Dropout(0.4f)], 1),
        Chain("scales", () => [new BinaryDense(20), new LearnedScale(2), new LearnedScale(0.5f) { Name = "other" }], 1),
        Chain("relu, dropout, relu", () => [new BinaryDense(20), new Relu(), new Dropout(0.4f), new Relu()], 1, 2, 3),
        Chain("relu, gate", () => [new BinaryDense(20), new Relu(), new NoisyGate(0.5f), new Dropout(0.4f)], 1, 3),
        Chain("relu, dropout, gate", () => [new BinaryDense(20), new Relu(), new Dropout(0.4f), new NoisyGate(0.5f)], 1, 2),
        Chain(
            "norm, relu, dropout",
            () => [new BinaryDense(20), new BatchNorm(), new Relu(), new Dropout(0.4f), new BatchNorm() { Name = "other" }],
            2, 3),
        Chain("dropout, dense", () => [new BinaryDense(20), new Dropout(0.4f), new BinaryDense(20), new Identity()], 1, 3),
        Chain("relu, relu, dropout", () => [new BinaryDense(20), new Relu(), new Relu(), new Dropout(0.4f)], 1, 2, 3),
    ];

    [TestCaseSource(nameof(Chains))]
    public void Layers_overwrite_what_nobody_reads(Func<Layer[]> make, int[] expected)
    {
        var network = new Sequential(new FeatureShape(SmallData.Features), 1, make());

        int[] actual = [.. Enumerable.Range(0, network.Slots.Count).Where(i => network.Slots[i].OverwritesInput)];
        Assert.That(actual, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Chains))]
    public void Training_gives_the_bits_that_memory_of_ones_own_gives(Func<Layer[]> make, int[] expected)
    {
        Layer[] apart = [.. make().SelectMany(layer => new[] { layer, new OwnMemory() })];

        Assert.That(Trained(make()), Is.EqualTo(Trained(apart)));
    }

    // A layer that says it works in place may still change its length; then it has memory of its own.
    [Test]
    public void Other_lengths_have_memory_of_their_own()
    {
        var half = new OwnLayer
        {
            Place = InPlace.Forward | InPlace.Backward,
            Reads = BackwardReads.None,
            OnBuild = (input, _) => new FeatureShape(input.Length / 2),
            OnForward = (in LayerPass pass) =>
            {
                for (int i = 0; i < pass.Output.Length; i++) pass.Output[i] = pass.Input[2 * i];
            },
        };

        LayerSlot slot = new Sequential(new FeatureShape(8), 1, [new BinaryDense(10), half]).Slots[1];

        Assert.That(slot.OverwritesInput, Is.False);
        Assert.That(slot.OverwritesGradient, Is.False);
    }

    [Test]
    public void The_callers_inputs_stay_as_they_are()
    {
        Sequential network = new(new FeatureShape(6), 1, [new Relu(), new Dropout(0.5f), new Identity()]);
        float[] x = Numbers.Uniform(1, 5 * 6), kept = [.. x];

        network.Forward(new Batch(x, 5), new float[5 * 6]);
        network.Infer(new Batch(x, 5), new float[5 * 6]);

        Assert.That(x, Is.EqualTo(kept));
    }

    private static TestCaseData Chain(string name, Func<Layer[]> layers, params int[] overwriting) =>
        new TestCaseData(layers, overwriting).SetArgDisplayNames(name);

    private static int[] Trained(Layer[] layers)
    {
        var model = new Sequential(
            new FeatureShape(SmallData.Features), 1,
            [new BinaryDense(24) { Name = "first" }, .. layers, new BinaryDense(SmallData.Classes) { Name = "last" }]);
        new Trainer(new TrainerOptions { BatchSize = 20, MaxSteps = 10 }).Fit(model, SmallData.Floats(100), SmallData.Floats(40));
        return SmallNetwork.Bits(model);
    }
}
