#:project ../../src/BinaryConnect.Core

// Chapter 3, the forward pass: from an image to ten probabilities.
// Run it: dotnet run -c Release samples/tutorial/03-forward-pass.cs
//
// Answer to chapter 2: it computes a score for each digit, and turns the scores into probabilities.
//   score:        z_k = b_k + sum over i of x_i · w_ik
//   softmax:      p_k = exp(z_k) / sum over j of exp(z_j)
//   loss of a batch, cross-entropy: L = -(1/n) · sum over rows of ln(p of the row's label)
using BinaryConnect.Data;

const int Features = 784, Classes = 10;
string folder = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "mnist");
Mnist mnist = Mnist.Load(folder);

// The weights begin as random numbers from 0 to 1, the biases as 1.
var random = new Random(1);
float[] w = new float[Features * Classes], b = new float[Classes];
for (int i = 0; i < w.Length; i++) w[i] = random.NextSingle();
Array.Fill(b, 1);

const int Rows = 128;
float[] x = new float[Rows * Features], p = new float[Rows * Classes];
for (int row = 0; row < Rows; row++) mnist.Test.CopyRow(row, x.AsSpan(row * Features, Features));
ReadOnlySpan<int> labels = mnist.Test.Labels[..Rows];
LogisticModel(x, w, b, p);

Console.WriteLine($"Probabilities of the first test image, a {labels[0]}:");
for (int k = 0; k < Classes; k++) Console.WriteLine($"  {k}: {p[k]:F4} |{new string('#', (int)(p[k] * 60))}");
Console.WriteLine($"Their sum is {p.Take(Classes).Sum():F4}.");

int hits = 0;
for (int row = 0; row < Rows; row++)
{
    ReadOnlySpan<float> ofRow = p.AsSpan(row * Classes, Classes);
    int best = 0;
    for (int k = 1; k < Classes; k++) best = ofRow[k] > ofRow[best] ? k : best;
    if (best == labels[row]) hits++;
}

// A model that gives each digit 0.1 has the loss ln(10) = 2.303.
// Random weights give some wrong digits a high probability, so their loss is higher.
Console.WriteLine($"Loss of {Rows} images {CrossEntropy(p, labels):F3}; equal probabilities would have {Math.Log(10):F3}.");
Console.WriteLine($"Right digits: {hits} of {Rows}. The weights are random, so this is chance.");
Console.WriteLine("Question: in which direction must each weight move, so that the loss falls?");

// P = softmax(X·W + b). Shapes: X [n, 784], W [784, 10], b [10], P [n, 10].
static void LogisticModel(ReadOnlySpan<float> x, ReadOnlySpan<float> w, ReadOnlySpan<float> b, Span<float> p)
{
    for (int row = 0; row < x.Length / Features; row++)
    {
        Span<float> z = p.Slice(row * Classes, Classes);
        b.CopyTo(z);
        for (int i = 0; i < Features; i++)
        {
            float pixel = x[row * Features + i];
            if (pixel == 0) continue; // most pixels are black
            for (int k = 0; k < Classes; k++) z[k] += pixel * w[i * Classes + k];
        }

        float max = z[0], sum = 0;
        foreach (float value in z) max = MathF.Max(max, value);
        for (int k = 0; k < Classes; k++) sum += z[k] = MathF.Exp(z[k] - max); // z - max: exp cannot overflow
        for (int k = 0; k < Classes; k++) z[k] /= sum;
    }
}

// L = -(1/n) · sum of ln(p of the label). A p that underflows to 0 counts as the smallest float: the loss stays finite.
static double CrossEntropy(ReadOnlySpan<float> p, ReadOnlySpan<int> labels)
{
    double sum = 0;
    for (int row = 0; row < labels.Length; row++)
        sum -= Math.Log(Math.Max(p[row * Classes + labels[row]], float.Epsilon));
    return sum / labels.Length;
}
