using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Browser;

/// <summary>
/// Softmax regression with one-bit weights on digits, step by step: the console sample's best recipe in fewer steps.
/// </summary>
internal sealed class DigitTraining
{
    /// <summary>The number of steps of a run.</summary>
    public const int TotalSteps = 1_000;

    private const int BatchSize = 128;

    // The console sample's inputs and starting values, with a larger rate for a run this short.
    private const float Scale = 0.3f / 255, Shift = -0.06f, Reach = 0.1f, InitialRate = 3e-3f;

    private readonly CosineDecay _schedule = new(InitialRate, TotalSteps);
    private readonly LogisticModel _model;
    private readonly BatchSampler _batches;
    private readonly TrainingStep _step;
    private readonly Trainer _trainer;
    private readonly Dataset _test;

    /// <summary>Prepares a run; <see cref="ReadDigits"/> makes its data.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="test">The test set.</param>
    /// <param name="seed">The same seed gives the same run.</param>
    public DigitTraining(Dataset train, Dataset test, int seed)
    {
        _test = test;
        _model = new LogisticModel(new LogisticModelOptions
        {
            Features = train.FeatureCount,
            Classes = train.ClassCount,
            Seed = seed,
            InitialMinimum = -Reach,
            InitialMaximum = Reach,
            InitialBias = 0,
        });
        var options = new TrainerOptions
        {
            BatchSize = BatchSize,
            Optimizer = new Adam(),
            Schedule = _schedule,

            // In a browser any value has the effect of 1.
            MaxDegreeOfParallelism = 2,
        };
        _batches = new BatchSampler(train, BatchSize, seed, PartialBatch.Drop);
        _step = new TrainingStep(_model, options);
        _trainer = new Trainer(options);
    }

    /// <summary>The number of steps so far.</summary>
    public int StepsTaken => _step.StepsTaken;

    /// <summary>
    /// The first 16 digits of the SHA-256 of all latent values. It is the same in a browser and in .NET on x64 without
    /// AVX2.
    /// </summary>
    public string Hash
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (Parameter parameter in _model.Parameters) hash.AppendData(MemoryMarshal.AsBytes(parameter.Latent));
            return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        }
    }

    /// <summary>Makes a data set of images and labels.</summary>
    public static Dataset ReadDigits(IdxArray images, IdxArray labels)
    {
        int[] classes = [.. labels.Values.ToArray().Select(label => (int)label)];
        return Dataset.FromBytes(images.Values, classes, images.Values.Length / classes.Length, classCount: 10, Scale, Shift);
    }

    /// <summary>Takes the next step.</summary>
    public StepResult Step() => _step.Run(_batches.NextRaw(), _schedule.RateAt(_step.StepsTaken));

    /// <summary>The share of the test set that the signs classify correctly, 0 to 1.</summary>
    public double Evaluate() => _trainer.Evaluate(_model, _test).Accuracy;

    /// <summary>The sign of each latent weight, [10, 784]: 1 for +1, 0 for −1.</summary>
    public byte[] Signs()
    {
        ReadOnlySpan<float> latent = _model.Weights.Latent;
        byte[] signs = new byte[latent.Length];
        for (int i = 0; i < signs.Length; i++) signs[i] = latent[i] >= 0 ? (byte)1 : (byte)0;
        return signs;
    }

    /// <summary>The probability of each digit, [10], for an image of 784 bytes.</summary>
    public float[] Classify(ReadOnlySpan<byte> image)
    {
        float[] probabilities = new float[_model.ClassCount];
        _model.Binarize(new DeterministicBinarizer(), forInference: true);
        _model.Infer(new Batch(image, 1, Scale, Shift), probabilities);
        TensorPrimitives.SoftMax<float>(probabilities, probabilities);
        return probabilities;
    }
}
