using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

/// <summary>Parts of a binarization, and of a pass, as a user's layer may run them.</summary>
internal sealed class BinarizePassTests
{
    [Test]
    public void A_part_may_run_parts([Values(1, 4)] int threads)
    {
        var nested = new Nested(outer: 16, inner: 9);
        var layer = new OwnLayer
        {
            OnBinarize = (in BinarizePass pass) => pass.Run(nested, 16),
            OnForward = (in LayerPass pass) => pass.Run(nested, 0, 16),
        };
        var network = new Sequential(new FeatureShape(4), 0, [layer]) { MaxDegreeOfParallelism = threads };

        for (int i = 0; i < 20; i++)
        {
            nested.Clear();
            network.Binarize(new DeterministicBinarizer());
            Assert.That(nested.Counts, Is.All.EqualTo(1), "binarization");

            nested.Clear();
            network.Infer(new Batch(new float[4], 1), new float[4]);
            Assert.That(nested.Counts, Is.All.EqualTo(1), "pass");
        }
    }

    [Test]
    public void Fewer_parts_than_none_are_refused()
    {
        var layer = new OwnLayer { OnForward = (in LayerPass pass) => pass.Run(new Nested(1, 1), 0, -1) };
        var network = new Sequential(new FeatureShape(4), 0, [layer]);

        Assert.That(
            () => network.Infer(new Batch(new float[4], 1), new float[4]),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("'parts'"));
    }

    [Test]
    public void An_exception_of_a_part_is_thrown_and_the_next_call_works([Values(1, 3)] int threads)
    {
        bool fails = false;
        var fault = new InvalidOperationException("part");
        var nested = new Nested(16, 2) { OnInner = () => fails ? throw fault : 1 };
        var layer = new OwnLayer { OnBinarize = (in BinarizePass pass) => pass.Run(nested, 16) };
        var network = new Sequential(new FeatureShape(4), 0, [layer]) { MaxDegreeOfParallelism = threads };

        fails = true;
        Assert.That(() => network.Binarize(new DeterministicBinarizer()), Throws.Exception.SameAs(fault));
        fails = false;
        nested.Clear();
        network.Binarize(new DeterministicBinarizer());

        Assert.That(nested.Counts, Is.All.EqualTo(1));
    }

    // Each outer part runs all inner ones: a part that ran in place of another, or twice, is counted.
    private sealed class Nested(int outer, int inner) : BinarizePass.IParts, LayerPass.IParts
    {
        public int[] Counts { get; } = new int[outer * inner];

        public Func<int> OnInner { get; init; } = () => 1;

        public void Clear() => Array.Clear(Counts);

        public void Run(in BinarizePass pass, int part) => pass.Run(new Inner(this, part), inner);

        public void Run(in LayerPass pass, int phase, int part) => pass.Run(new Inner(this, part), phase, inner);

        private sealed class Inner(Nested nested, int outer) : BinarizePass.IParts, LayerPass.IParts
        {
            public void Run(in BinarizePass pass, int part) => Count(part);

            public void Run(in LayerPass pass, int phase, int part) => Count(part);

            private void Count(int part) =>
                Interlocked.Add(ref nested.Counts[outer * (nested.Counts.Length / 16) + part], nested.OnInner());
        }
    }
}
