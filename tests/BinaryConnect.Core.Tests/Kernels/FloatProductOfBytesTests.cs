using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

/// <summary>Products of bytes, widened in registers, are those of the same numbers as floats.</summary>
internal sealed class FloatProductOfBytesTests
{
    [Test]
    public void Both_products_are_those_of_floats_for_every_shape([Values(Form.Lanes128, Form.Lanes256, Form.Lanes512, Form.Dispatched)] Form form)
    {
        var random = new Random(1);
        foreach (int inner in Enumerable.Range(1, 40).Concat([63, 64, 65, 784]))
        {
            for (int rows = 1; rows <= 4; rows++)
            {
                for (int outputs = 1; outputs <= 12; outputs++)
                {
                    byte[] bytes = new byte[rows * inner];
                    random.NextBytes(bytes);
                    float[] floats = Array.ConvertAll(bytes, value => (float)value);
                    // Whole numbers: every sum is exact, whatever its order.
                    float[] w = KernelInputs.Whole(outputs * inner, seed: inner, bound: 3), g = KernelInputs.Whole(rows * outputs, seed: inner, bound: 3);
                    FencedBuffer z = new(rows * outputs), d = new(outputs * inner);
                    float[] expectedZ = new float[rows * outputs], expectedD = new float[outputs * inner];
                    string shape = $"{rows} rows, {outputs} outputs, {inner} inner";

                    Run(form, bytes, w, g, z, d, inner);

                    FloatProduct.MultiplyTransposedScalar(floats, w, expectedZ, inner);
                    FloatProduct.TransposeMultiplyScalar(g, floats, expectedD, inner);
                    if (!z.Span.SequenceEqual(expectedZ)) Assert.Fail($"x·wᵀ, {shape}");
                    if (!d.Span.SequenceEqual(expectedD)) Assert.Fail($"gᵀ·x, {shape}");
                    z.AssertFencesStand(shape);
                    d.AssertFencesStand(shape);
                }
            }
        }
    }

    private static void Run(Form form, byte[] x, float[] w, float[] g, Span<float> z, Span<float> d, int inner)
    {
        switch (form)
        {
            case Form.Lanes128:
                FloatProduct.MultiplyTransposed<Vector128<float>, Lanes128>(x, w, z, inner);
                FloatProduct.TransposeMultiply<Vector128<float>, Lanes128>(g, x, d, inner);
                break;
            case Form.Lanes256:
                FloatProduct.MultiplyTransposed<Vector256<float>, Lanes256>(x, w, z, inner);
                FloatProduct.TransposeMultiply<Vector256<float>, Lanes256>(g, x, d, inner);
                break;
            case Form.Lanes512:
                FloatProduct.MultiplyTransposed<Vector512<float>, Lanes512>(x, w, z, inner);
                FloatProduct.TransposeMultiply<Vector512<float>, Lanes512>(g, x, d, inner);
                break;
            default:
                FloatProduct.MultiplyTransposed(x, w, z, inner);
                FloatProduct.TransposeMultiply(g, x, d, inner);
                break;
        }
    }
}
