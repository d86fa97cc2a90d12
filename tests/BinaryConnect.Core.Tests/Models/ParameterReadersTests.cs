using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>Values that a model keeps in another form, first read by several threads at the same time.</summary>
internal sealed class ParameterReadersTests
{
    private const int Readers = 8;

    // If each reader allocated its own memory, the values that the first one computed would be lost.
    [Test]
    public void Weights_are_computed_once_and_no_reader_sees_them_before()
    {
        var parameter = new Parameter("w", 1000, 1, isWeight: true, isBinarized: true);
        int computed = 0;
        parameter.DeferEffective(values =>
        {
            values[..500].Fill(1);
            Thread.Sleep(50);
            values[500..].Fill(1);
            Interlocked.Increment(ref computed);
        });
        int zeros = 0;

        Threads.Run(Readers, (_, barrier) =>
        {
            barrier.SignalAndWait();
            Interlocked.Add(ref zeros, parameter.Effective.Count(0f));
        });

        Assert.That(zeros, Is.Zero);
        Assert.That(computed, Is.EqualTo(1));
        Assert.That(parameter.Effective.ToArray(), Is.All.EqualTo(1));
    }

    [Test]
    public void Weights_of_a_logistic_model_are_right_for_each_of_eight_readers()
    {
        byte[] bytes = new byte[2 * 784];
        AssertReads(400, seed =>
        {
            var model = new LogisticModel(784, 10, seed);

            // After a batch of bytes the model keeps signs alone, where the machine multiplies by them.
            model.Forward(new Batch(bytes, [0, 1], 1, 0), new float[20]);
            Numbers.Uniform(seed, model.Weights.Length).CopyTo(model.Weights.Latent);
            model.Binarize(new DeterministicBinarizer());
            return model;
        });
    }

    [Test]
    public void Weights_of_a_network_are_right_for_each_of_eight_readers([Values] bool stochastic) => AssertReads(400, seed =>
    {
        var options = new MultilayerPerceptronOptions { Features = 200, HiddenUnits = [100], Classes = 10, Seed = seed };
        var model = new MultilayerPerceptron(options);
        model.Binarize(stochastic ? new StochasticBinarizer(seed) : new DeterministicBinarizer());
        return model;
    });

    [Test]
    public void Latent_values_may_be_read_by_any_number_of_threads()
    {
        var model = new LogisticModel(784, 10);
        float[] expected = model.Weights.Latent.ToArray();
        int wrong = 0;

        Threads.Run(Readers, (_, barrier) =>
        {
            barrier.SignalAndWait();
            for (int i = 0; i < 100; i++)
            {
                if (!model.Weights.Latent.SequenceEqual(expected)) Interlocked.Increment(ref wrong);
            }
        });

        Assert.That(wrong, Is.Zero);
    }

    private static void AssertReads(int count, Func<int, IModel> make)
    {
        IModel? model = null, same = null;
        int wrongReads = 0, modelsLeftWrong = 0;
        Threads.Run(Readers, (number, barrier) =>
        {
            for (int seed = 0; seed < count; seed++)
            {
                if (number == 0) (model, same) = (make(seed), make(seed));
                if (number == 0) WrongValues(same!, same!);
                barrier.SignalAndWait();
                if (WrongValues(model!, same!) > 0) Interlocked.Increment(ref wrongReads);
                barrier.SignalAndWait();
                if (number == 0 && WrongValues(model!, same!) > 0) modelsLeftWrong++;
            }
        });

        Assert.That((wrongReads, modelsLeftWrong), Is.EqualTo((0, 0)));
    }

    private static int WrongValues(IModel model, IModel expected)
    {
        int wrong = 0;
        for (int i = 0; i < model.Parameters.Count; i++)
        {
            ReadOnlySpan<float> values = model.Parameters[i].Effective, right = expected.Parameters[i].Effective;
            if (!values.SequenceEqual(right) || (model.Parameters[i].IsBinarized && values.Contains(0))) wrong++;
        }

        return wrong;
    }
}
