// Chapter 2, the theory: a real weight gathers small changes, and the model uses its sign.
// Run it: dotnet run -c Release samples/tutorial/02-theory.cs
//
// Answer to chapter 1: it does not. Beside each binary weight, training keeps a real one, the latent weight w.
// One step of BinaryConnect:
//   1. w_b = sign(w), +1 or -1; sign(0) = +1
//   2. forward and backward with w_b give the loss and its gradient g = dL/dw_b
//   3. w <- w - α · g, with the learning rate α
//   4. w <- clip(w) = min(max(w, -1), 1)
//
// Here is the smallest model: one weight, one input x = 1, two classes.
//   p = 1 / (1 + exp(-w_b · x)), the probability of class 1
//   L = -ln(p) for class 1, -ln(1 - p) for class 0
//   g = (p - t) · x, where t is the class
float clipped = -0.9f, free = -0.9f;
Console.WriteLine("step class   loss  gradient  latent sign  latent without clip");
for (int step = 1; step <= 24; step++)
{
    int t = step <= 12 ? 1 : 0;
    (float loss, float gradient) = LossAndGradient(Sign(clipped), t);
    (_, float freeGradient) = LossAndGradient(Sign(free), t);
    clipped = Clip(clipped - 0.5f * gradient);
    free -= 0.5f * freeGradient;
    Console.WriteLine($"{step,4} {t,5} {loss,6:F3} {gradient,9:F3} {clipped,7:F3} {Sign(clipped),4:+0;-0} "
        + $"{free,10:F3} {Sign(free):+0;-0}");
}

// Step 3 is the first step after which the sign is +1. The loss falls from 1.313 to 0.313 in step 4, all at once.
// Then the latent weight grows to 1, where the clip holds it. Without the clip it grows on, and its sign is the same.
// In step 13 the class changes. The clipped weight needs 3 steps to change its sign, the other one 4.
// The clip keeps each latent weight in [-1, 1], so that a few steps can change its sign.
Console.WriteLine("The gradient of w_b is used as if it were that of w: the slope of sign(w) is 0, and would teach nothing.");
Console.WriteLine("Question: what does a model of 7,840 weights compute from an image?");

static float Sign(float w) => w >= 0 ? 1 : -1;

static float Clip(float w) => MathF.Min(MathF.Max(w, -1), 1);

static (float Loss, float Gradient) LossAndGradient(float weight, int t)
{
    float p = 1 / (1 + MathF.Exp(-weight));
    return (-MathF.Log(t == 1 ? p : 1 - p), p - t);
}
