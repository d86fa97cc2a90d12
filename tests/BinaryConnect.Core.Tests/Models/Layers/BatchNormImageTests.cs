using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

/// <summary>Batch normalization of images, whose pixels share the channels, against float64.</summary>
internal sealed class BatchNormImageTests
{
    private const float Epsilon = 1e-2f, Momentum = 0.25f;

    // Height, width, channels, rows: one row is enough, as it has several values of a channel.
    private static readonly (int Height, int Width, int Channels, int Rows)[] Shapes =
        [(2, 1, 1, 1), (1, 3, 2, 1), (4, 3, 5, 2), (3, 3, 17, 7), (5, 4, 3, 33)];

    [TestCaseSource(nameof(Shapes))]
    public void Outputs_gradients_and_statistics_are_those_of_the_channels((int Height, int Width, int Channels, int Rows) shape)
    {
        (int height, int width, int channels, int rows) = shape;
        int length = height * width * channels, pixels = rows * height * width;
        BatchNorm norm = new(Epsilon, Momentum);
        Sequential network = Network(norm, height, width, channels);
        float[] z = Numbers.Uniform(1, rows * length, 4, 7), y = new float[z.Length], g = Numbers.Uniform(4, z.Length);

        Assert.That(network.LeastRows, Is.EqualTo(1));
        network.Forward(new Batch(z, rows), y);
        network.Backward(new Batch(z, rows), g);

        double[] wideZ = Numbers.Doubles(z), wideG = Numbers.Doubles(g);
        double[] gamma = Numbers.Doubles(norm.Gamma.Latent), beta = Numbers.Doubles(norm.Beta.Latent);
        Func<double[]> outputs = () =>
        {
            (double[] mean, double[] variance) = ReferenceLayers.Moments(wideZ, pixels);
            return ReferenceLayers.Normalize(wideZ, mean, variance, gamma, beta, Epsilon);
        };
        Func<double> loss = () => ReferenceLayers.Dot(wideG, outputs());
        Assert.That(Numbers.RelativeError(y, outputs()), Is.LessThan(1e-4));
        Assert.That(Numbers.RelativeError(norm.Gamma.Gradient, Numbers.CentralDifferences(gamma, loss)), Is.LessThan(1e-3));
        Assert.That(Numbers.RelativeError(norm.Beta.Gradient, Numbers.CentralDifferences(beta, loss)), Is.LessThan(1e-3));
        Parameter factor = network.Parameters[0];
        double[] expected = [.. Numbers.CentralDifferences(wideZ, loss).Select((value, i) => value * z[i])];
        Assert.That(
            factor.Gradient[0], Is.EqualTo(expected.Sum()).Within(2e-3), "the gradient of the inputs, by the scale before");

        (double[] batchMean, double[] batchVariance) = ReferenceLayers.Moments(wideZ, pixels);
        Assert.That(norm.RunningMean.Values.Length, Is.EqualTo(channels));
        Assert.That(
            Numbers.RelativeError(norm.RunningMean.Values, Array.ConvertAll(batchMean, mean => Momentum * mean)),
            Is.LessThan(1e-5));
        Assert.That(
            Numbers.RelativeError(
                norm.RunningVariance.Values,
                Array.ConvertAll(batchVariance, variance => 1 + Momentum * (variance - 1))),
            Is.LessThan(1e-5));
    }

    [Test]
    public void Inference_and_whole_statistics_share_channels_too([Values(1, 3)] int threads)
    {
        const int Height = 3, Width = 4, Channels = 5, Rows = 24, Length = Height * Width * Channels;
        BatchNorm norm = new(Epsilon, Momentum);
        Sequential network = Network(norm, Height, Width, Channels);
        network.MaxDegreeOfParallelism = threads;
        float[] z = Numbers.Uniform(1, Rows * Length, 4, 7), y = new float[z.Length];

        network.RecomputeStatistics(Dataset.FromFloats(z, new int[Rows], Length, Length), Rows);
        network.Infer(new Batch(z, Rows), y);

        (double[] mean, double[] variance) = ReferenceLayers.Moments(Numbers.Doubles(z), Rows * Height * Width);
        double[] expected = ReferenceLayers.Normalize(
            Numbers.Doubles(z), mean, variance, Numbers.Doubles(norm.Gamma.Latent), Numbers.Doubles(norm.Beta.Latent), Epsilon);
        Assert.That(Numbers.RelativeError(norm.RunningMean.Values, mean), Is.LessThan(1e-5));
        Assert.That(Numbers.RelativeError(norm.RunningVariance.Values, variance), Is.LessThan(1e-4));
        Assert.That(Numbers.RelativeError(y, expected), Is.LessThan(1e-4));
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        int[] one = Run(1);

        Assert.That(Run(2), Is.EqualTo(one));
        Assert.That(Run(4), Is.EqualTo(one));

        static int[] Run(int threads)
        {
            const int Rows = 70, Length = 16 * 16 * 6;
            Sequential network = Network(new BatchNorm(), 16, 16, 6);
            network.MaxDegreeOfParallelism = threads;
            float[] z = Numbers.Uniform(1, Rows * Length, -1, 2), y = new float[z.Length];
            network.Forward(new Batch(z, Rows), y);
            network.Backward(new Batch(z, Rows), z);
            IEnumerable<int> gradients = network.Parameters.SelectMany(parameter => Numbers.Bits(parameter.Gradient));
            return [.. Numbers.Bits(y), .. gradients, .. SmallNetwork.Bits(network)];
        }
    }

    // The scale before the layer is 1, so its gradient is Σ x·dL/dx.
    private static Sequential Network(BatchNorm norm, int height, int width, int channels)
    {
        var network = new Sequential(new FeatureShape(height, width, channels), 0, [new LearnedScale { Name = "before" }, norm]);
        Numbers.Uniform(2, channels, 0.5f, 2).CopyTo(norm.Gamma.Latent);
        Numbers.Uniform(3, channels).CopyTo(norm.Beta.Latent);
        network.Binarize(new IdentityBinarizer());
        return network;
    }
}
