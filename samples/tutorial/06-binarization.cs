#:project ../../src/BinaryConnect.Core

// Chapter 6, adding binarization: signs in each step, not only after the last one.
// Run it: dotnet run -c Release samples/tutorial/06-binarization.cs
//
// Answer to chapter 5: the program prints it. Training with real weights did not know that only the signs would stay.
// A step of BinaryConnect has two lines more than a step with real weights:
//   w_b = binarize(w) = +1 where w >= 0, otherwise -1     before the forward pass, which uses w_b
//   w <- clip(w) = min(max(w, -1), 1)                     after the update of w; b is neither binarized nor clipped
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;

const int Features = 784, Classes = 10, BatchSize = 128;
string folder = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "mnist");
Mnist mnist = Mnist.Load(folder);
float[] w = new float[Classes * Features], wBinary = new float[w.Length], gradW = new float[w.Length];
float[] b = new float[Classes], gradB = new float[Classes];

Train(isBinary: false);
Binarize(w, wBinary);
Console.WriteLine($"Trained with real weights:   accuracy {Accuracy(w):F4}");
Console.WriteLine($"The signs of these weights:  accuracy {Accuracy(wBinary):F4} (notebook: 0.5918)");

Train(isBinary: true);
Binarize(w, wBinary);
Console.WriteLine($"Trained with binary weights: accuracy {Accuracy(wBinary):F4}");
int held = w.Count(value => MathF.Abs(value) == 1);
Console.WriteLine($"{held} of {w.Length} latent weights are at -1 or +1, where the clip holds them.");
Console.WriteLine("All weights start at 0 or above, so all signs start as +1.");
Console.WriteLine("The rate falls as in chapter 5, which is too early for signs.");
Console.WriteLine("Question: how high does the accuracy get, and when should training stop?");

// The loop of chapter 5. The library's BatchSampler is its next_batch.
void Train(bool isBinary)
{
    var random = new Random(1);
    for (int i = 0; i < w.Length; i++) w[i] = random.NextSingle();
    Array.Fill(b, 1);
    float rate = 0.5f;
    float[] p = new float[BatchSize * Classes], g = new float[p.Length];
    var batches = new BatchSampler(mnist.Train, BatchSize, seed: 1);
    for (int step = 1; step <= 500; step++)
    {
        Batch batch = batches.Next();
        if (isBinary) Binarize(w, wBinary);
        LogisticModel.Probabilities(batch.Features, isBinary ? wBinary : w, b, p);
        Gradients.Logits(p, batch.Labels, g);
        Gradients.Weights(batch.Features, g, gradW, Classes);
        Gradients.Bias(g, gradB);
        Sgd.Update(w, gradW, rate); // the latent weights: a binary weight cannot move a little
        Sgd.Update(b, gradB, rate);
        if (isBinary) Clip(w);
        if (step % 20 == 0) rate *= 0.8f;
    }
}

static void Binarize(ReadOnlySpan<float> w, Span<float> binary)
{
    for (int i = 0; i < w.Length; i++) binary[i] = w[i] >= 0 ? 1 : -1;
}

static void Clip(Span<float> w)
{
    for (int i = 0; i < w.Length; i++) w[i] = MathF.Min(MathF.Max(w[i], -1), 1);
}

double Accuracy(float[] weights)
{
    float[] image = new float[Features], q = new float[Classes];
    double hits = 0;
    for (int row = 0; row < mnist.Test.Count; row++)
    {
        mnist.Test.CopyRow(row, image);
        LogisticModel.Probabilities(image, weights, b, q);
        if (Array.IndexOf(q, q.Max()) == mnist.Test.Labels[row]) hits++;
    }

    return hits / mnist.Test.Count;
}
