#:project ../../src/BinaryConnect.Core

// Chapter 8, discussion: why the accuracy jitters, and why training needs latent weights.
// Run it: dotnet run -c Release samples/tutorial/08-discussion.cs
//
// Answer to chapter 7: a sign cannot change a little. A small step of w changes some w_b from -1 to +1, by 2 at once.
// The library's Trainer runs the loop of chapter 7. Its report counts flipped signs and sums |Δw| for each step.
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

const int Features = 784, Classes = 10, Steps = 150;
string folder = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "mnist");
Mnist mnist = Mnist.Load(folder);

Console.WriteLine("The worst step of 100 to 150, gradient descent, α = 0.1:");
TrainingReport sgd = Run(new Sgd(), 0.1f, new DeterministicBinarizer());
int worst = Enumerable.Range(100, Steps - 99).MinBy(s => AccuracyAfter(sgd, s) - AccuracyAfter(sgd, s - 1));
StepResult result = sgd.Steps[worst - 1];
Console.WriteLine($"  Step {worst}: accuracy {AccuracyAfter(sgd, worst - 1):F4} -> {AccuracyAfter(sgd, worst):F4}, "
    + $"{result.SignFlips} of {Features * Classes} signs flipped, sum of |Δw| {result.WeightChange:F2}");
Console.WriteLine("  Notebook: 0.60 -> 0.55 between steps 97 and 98, 31 signs, sum of |Δw| 7.68.");

Console.WriteLine("Is it the optimizer? Mean change of the accuracy, and mean flips, in steps 101 to 150:");
Print("gradient descent, α = 0.1", sgd);
Print("Adam, α = 0.01", Run(new Adam(), 0.01f, new DeterministicBinarizer()));
Print("Adam, α = 0.001", Run(new Adam(), 0.001f, new DeterministicBinarizer()));
Print("real weights, α = 0.1", Run(new Sgd(), 0.1f, new IdentityBinarizer()));
Console.WriteLine("Here Adam jitters less, but signs still flip. The jitter ends only when the rate falls to 0.");

// Without latent weights, the step starts from w_b itself: w_b <- sign(w_b - α · g). It flips only if α · |g| > 1.
float[] w = new float[Classes * Features], moved = new float[w.Length], gradW = new float[w.Length], b = new float[Classes];
float[] p = new float[128 * Classes], g = new float[p.Length];
var random = new Random(1);
for (int i = 0; i < w.Length; i++) w[i] = random.Next(2) * 2 - 1;
var batches = new BatchSampler(mnist.Train, 128, seed: 1);
int flips = 0;
float largest = 0;
for (int step = 1; step <= Steps; step++)
{
    Batch batch = batches.Next();
    LogisticModel.Probabilities(batch.Features, w, b, p);
    Gradients.Logits(p, batch.Labels, g);
    Gradients.Weights(batch.Features, g, gradW, Classes);
    for (int i = 0; i < w.Length; i++)
    {
        moved[i] = w[i] - 0.1f * gradW[i] >= 0 ? 1 : -1;
        if (moved[i] != w[i]) flips++;
        largest = MathF.Max(largest, 0.1f * MathF.Abs(gradW[i]));
    }

    moved.CopyTo(w, 0);
}

Console.WriteLine($"Without latent weights: {flips} flips in {Steps} steps; the largest α · |g| is {largest:F3}.");
Console.WriteLine("So latent weights are the memory of training: they add up changes that are too small for a sign.");
Console.WriteLine("The finished model does not need them. It keeps the signs and the biases.");

// Questions that users of binary networks ask:
Console.WriteLine("Why are biases not binarized? There are only 10. It would save less than 40 bytes.");
Console.WriteLine("Are the first and the last layer binary too? Yes, as in the paper. A layer may have its own binarizer.");
Console.WriteLine("Why does training not need less memory? It keeps three floats a weight: latent, effective and gradient.");
Console.WriteLine("Why is the saved model not smaller? It has the latent weights, to train on. ModelPacker makes bits.");
Console.WriteLine("Question: how does a program use weights of one bit, and what does it gain?");

TrainingReport Run(IOptimizer optimizer, float rate, IBinarizer binarizer) => new Trainer(new TrainerOptions
{
    Optimizer = optimizer,
    Schedule = new ConstantRate(rate),
    Binarizer = binarizer,
    MaxSteps = Steps,
    EvaluateEverySteps = 1,
    Seed = 1,
}).Fit(new LogisticModel(Features, Classes, seed: 1), mnist.Train, mnist.Test);

static double AccuracyAfter(TrainingReport report, int step) => report.Evaluations.First(e => e.Step == step).Accuracy;

static void Print(string name, TrainingReport report)
{
    double change = Enumerable.Range(101, 50).Average(s => Math.Abs(AccuracyAfter(report, s) - AccuracyAfter(report, s - 1)));
    double flips = report.Steps.Skip(100).Average(step => step.SignFlips);
    Console.WriteLine($"  {name,-26} {change:F4}, {flips,5:F1} flips, accuracy at the end {AccuracyAfter(report, Steps):F3}");
}
