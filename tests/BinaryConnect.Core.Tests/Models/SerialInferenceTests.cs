using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>A network with a layer that keeps state in a field: callers of inference run one by one.</summary>
[NonParallelizable]
internal sealed class SerialInferenceTests
{
    [Test]
    public void Eight_threads_get_their_own_answers([Values(1, 2)] int threads)
    {
        const int Rows = 16;
        int inside = 0, atOnce = 0, wrong = 0;
        float[] kept = [];
        var doubling = new OwnLayer
        {
            OnForward = (in LayerPass pass) =>
            {
                if (Interlocked.Increment(ref inside) > 1) Interlocked.Increment(ref atOnce);
                kept = pass.Input.ToArray();
                Thread.Yield();
                TensorPrimitives.Multiply(kept, 2, pass.Output);
                Interlocked.Decrement(ref inside);
            },
        };
        var network = new Sequential(
            new FeatureShape(SmallData.Features), 1,
            [new BinaryDense(20), new BatchNorm(), doubling, new Relu(), new BinaryDense(SmallData.Classes)])
        {
            MaxDegreeOfParallelism = threads,
        };
        float[] x = Numbers.Uniform(1, Rows * SmallData.Features);
        float[][] expected = [.. Enumerable.Range(0, Rows).Select(Outputs)];

        Threads.Run(8, (number, barrier) =>
        {
            barrier.SignalAndWait();
            for (int i = 0; i < 300; i++)
            {
                int row = (i + number) % Rows;
                if (!Outputs(row).AsSpan().SequenceEqual(expected[row])) Interlocked.Increment(ref wrong);
            }
        });

        Assert.That(wrong, Is.Zero);
        Assert.That(atOnce, Is.Zero);

        float[] Outputs(int row)
        {
            float[] outputs = new float[SmallData.Classes];
            network.Infer(new Batch(x.AsSpan(row * SmallData.Features, SmallData.Features), 1), outputs);
            return outputs;
        }
    }

    [Test]
    public void An_exception_of_one_caller_blocks_no_other([Values] bool isStateless)
    {
        bool fails = true;
        var fault = new TimeoutException();
        var layer = new OwnLayer { OnForward = (in LayerPass pass) => pass.Output.Fill(fails ? throw fault : 1) };
        var network = new Sequential(new FeatureShape(2), 1, isStateless ? [new Relu(), layer] : [layer]);
        Assert.That(() => network.Infer(new Batch(new float[2], 1), new float[2]), Throws.InstanceOf<TimeoutException>());
        fails = false;

        float[] outputs = new float[2];
        Threads.Run(2, (number, _) =>
        {
            if (number == 1) network.Infer(new Batch(new float[2], 1), outputs);
        });

        Assert.That(outputs, Is.EqualTo(new float[] { 1, 1 }));
    }
}
