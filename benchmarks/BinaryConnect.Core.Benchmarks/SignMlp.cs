using System.Numerics.Tensors;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// Dense layers with weights ±1, without bias, with ReLU between them, by the product of packed signs.
/// </summary>
internal sealed class SignMlp
{
    private const float Bound = 1;

    private readonly SignLayout[] _layouts;
    private readonly Memory<uint>[] _signs;
    private readonly Memory<float>[] _activations;
    private readonly Memory<float> _work;

    /// <summary>
    /// Packs the signs, and allocates every buffer for <paramref name="batch"/> rows; weights[i] is [sizes[i + 1],
    /// sizes[i]].
    /// </summary>
    public SignMlp(int batch, int[] sizes, Memory<float>[] weights)
    {
        _layouts = [.. weights.Select((_, i) => new SignLayout(sizes[i + 1], sizes[i]))];
        _signs = Array.ConvertAll(_layouts, layout => AlignedBuffer.Allocate<uint>(layout.Length));
        _activations = Array.ConvertAll(_layouts, layout => AlignedBuffer.Allocate(batch * layout.Outputs));
        _work = AlignedBuffer.Allocate(_layouts.Max(SignGemm.WorkLength));
        for (int i = 0; i < weights.Length; i++) SignPacking.Pack(weights[i].Span, _layouts[i], _signs[i].Span);
    }

    /// <summary>The last layer's sums.</summary>
    public ReadOnlySpan<float> Run(ReadOnlySpan<float> x)
    {
        for (int i = 0; i < _layouts.Length; i++)
        {
            Span<float> z = _activations[i].Span;
            SignGemm.Multiply(x, _signs[i].Span, _layouts[i], Bound, z, _work.Span);
            if (i < _layouts.Length - 1) TensorPrimitives.Max(z, 0, z);
            x = z;
        }

        return x;
    }

    /// <summary>The definition of <see cref="Run"/>, for any number of rows.</summary>
    public float[] RunScalar(ReadOnlySpan<float> x)
    {
        float[] z = x.ToArray();
        for (int i = 0; i < _layouts.Length; i++)
        {
            float[] activations = i == 0 ? z : Array.ConvertAll(z, value => Math.Max(value, 0));
            z = new float[activations.Length / _layouts[i].Inputs * _layouts[i].Outputs];
            SignGemm.MultiplyScalar(activations, _signs[i].Span, _layouts[i], Bound, z, 0, _layouts[i].Tiles);
        }

        return z;
    }
}
