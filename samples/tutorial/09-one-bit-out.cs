#:project ../../src/BinaryConnect.Core

// Chapter 9, one bit out: additions instead of multiplications, and a model of 1 KB.
// Run it: dotnet run -c Release samples/tutorial/09-one-bit-out.cs
//
// Answer to chapter 8: four inputs have only 16 sums ±x0 ±x1 ±x2 ±x3. Compute them once. Then each output takes its
// four sign bits as an index, reads one sum, and adds it: one addition replaces four multiplications.
//
//   x0 x1 x2 x3 ──> table of 16 sums ──> table[bits of output 0] ──> + score 0
//                                   └──> table[bits of output 1] ──> + score 1   and so on, for all outputs
using System.Diagnostics;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

float[] x = [0.5f, 0.25f, 1, 0.125f], table = new float[16];
Console.WriteLine("bits  sum of ±x0 ±x1 ±x2 ±x3, for x = 0.5, 0.25, 1, 0.125");
for (int bits = 0; bits < 16; bits++)
{
    // Bit j is the sign of x_j: 1 for +, 0 for -.
    for (int j = 0; j < 4; j++) table[bits] += (bits >> j & 1) == 1 ? x[j] : -x[j];
    string signs = string.Concat(Enumerable.Range(0, 4).Select(j => (bits >> j & 1) == 1 ? '+' : '-'));
    Console.WriteLine($"{signs}  {table[bits],6:F3} {new string(' ', (int)(8 + 4 * table[bits]))}*");
}

// The table takes the same additions for any number of outputs, so it gains most with many outputs.
float[] weights = [1, -1, 1, 1];
float product = 0;
for (int j = 0; j < 4; j++) product += x[j] * weights[j]; // four multiplications
Console.WriteLine($"Weights +1 -1 +1 +1: four products give {product}, and table[+-++] gives {table[0b1101]}.");

string folder = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "mnist");
Mnist mnist = Mnist.Load(folder);
var model = new LogisticModel(new LogisticModelOptions
{
    Features = 784,
    Classes = 10,
    Seed = 1,
    InitialMinimum = -0.1f,
    InitialMaximum = 0.1f,
    InitialBias = 0,
});
var trainer = new Trainer(new TrainerOptions
{
    Optimizer = new Adam(),
    Schedule = new CosineDecay(initialRate: 0.001f, steps: 4_290),
    MaxSteps = 4_290,
    Seed = 1,
});
trainer.Fit(model, mnist.Train);
Console.WriteLine($"Ten epochs with Adam and a rate that falls to 0: accuracy {trainer.Evaluate(model, mnist.Test).Accuracy:F4}");

PackedModel packed = ModelPacker.Pack(model, ModelFacts.Of(mnist.Test));
int[] classes = new int[mnist.Test.Count], packedClasses = new int[mnist.Test.Count];
model.Predict(mnist.Test, classes);
packed.Predict(mnist.Test, packedClasses);
int same = classes.Zip(packedClasses).Count(pair => pair.First == pair.Second);
long floats = 4 * (model.Weights.Length + model.Bias.Length);

// A packed layer has 784 x 10 bits, which are 980 bytes, and a scale and an offset for each digit: 2 x 10 floats.
Console.WriteLine($"Packed: {packed.Bytes:N0} bytes; weights and biases as floats: {floats:N0} bytes.");
Console.WriteLine($"The packed model gives the same digit for {same:N0} of {classes.Length:N0} test images.");

// A plain loop of multiplications, over images that are floats already, and the packed model. The best of five each.
float[] images = new float[classes.Length * 784], logits = new float[10];
for (int row = 0; row < classes.Length; row++) mnist.Test.CopyRow(row, images.AsSpan(row * 784, 784));
double plain = BestOfFive(PlainLoop), oneBit = BestOfFive(() => packed.Predict(images, packedClasses));
Console.WriteLine($"10,000 images: {plain:F1} ms by a plain loop of multiplications, {oneBit:F1} ms by the packed model.");
Console.WriteLine("The packed model also uses vector instructions, and the plain loop does not. So bits are not the only gain.");
Console.WriteLine("Last question: can you train on your own table? samples/own-data.cs does, and packs the result.");

void PlainLoop()
{
    ReadOnlySpan<float> w = model.Weights.Effective, b = model.Bias.Effective;
    for (int row = 0; row < classes.Length; row++)
    {
        ReadOnlySpan<float> image = images.AsSpan(row * 784, 784);
        for (int k = 0; k < 10; k++)
        {
            float sum = b[k];
            for (int i = 0; i < 784; i++) sum += image[i] * w[k * 784 + i];
            logits[k] = sum;
        }

        classes[row] = Array.IndexOf(logits, logits.Max());
    }
}

static double BestOfFive(Action action) => Enumerable.Range(0, 5).Min(_ =>
{
    long start = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
});
