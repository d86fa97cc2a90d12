using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models.Layers;

internal sealed class IdentityTests
{
    [Test]
    public void Outputs_and_gradients_are_copied([Values] PassMode mode)
    {
        float[] x = [1, -2, float.NaN, -0f, float.PositiveInfinity, 5], g = Numbers.Uniform(1, 6);
        var identity = LayerRun.Built(new Identity(), 3);

        float[] y = LayerRun.Forward(identity, x, mode);

        Assert.That(Numbers.Bits(y), Is.EqualTo(Numbers.Bits(x)));
        Assert.That(LayerRun.Backward(identity, x, y, g), Is.EqualTo(g));
    }

    [Test]
    public void Both_directions_work_in_place()
    {
        float[] x = Numbers.Uniform(1, 6), g = Numbers.Uniform(2, 6), values = [.. x], gradients = [.. g];
        var identity = LayerRun.Built(new Identity(), 3);

        LayerRun.Forward(identity, values, values);
        LayerRun.Backward(identity, values, values, gradients, gradients);

        Assert.That(values, Is.EqualTo(x));
        Assert.That(gradients, Is.EqualTo(g));
    }
}
