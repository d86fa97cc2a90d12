using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Models;

/// <summary>
/// One trained tensor: the latent values, which the optimizer changes; the effective values, which forward and
/// backward use and which may be binarized; and the gradient. Models make parameters, user-defined models too. While
/// no thread writes to it, any number of threads may read it.
/// </summary>
public sealed class Parameter
{
    private readonly Memory<float> _latent;
    private readonly Memory<float> _gradient;
    private readonly float _bound = 1;

    private readonly Lock _gate = new();

    // A model may keep the effective values in another form. Then the memory is made, and the values are computed,
    // at the first access: under the lock, once. The flag is set last, so a thread that reads true needs no lock.
    private Memory<float> _effective;
    private Action<Span<float>>? _computeEffective;
    private volatile bool _hasEffective;
    private float _rateScale = 1;

    /// <summary>Makes a parameter with all latent values 0.</summary>
    /// <param name="name">The name in messages and reports; not empty.</param>
    /// <param name="fanIn">Inputs of a unit, at least 1; 1 for anything but a weight matrix.</param>
    /// <param name="fanOut">
    /// Units, at least 1. The parameter has <c>fanOut · fanIn</c> values, at most 2,147,418,112.
    /// </param>
    /// <param name="isWeight">
    /// Whether it holds connection weights [fanOut, fanIn], which alone are clipped, scaled in rate and counted for
    /// sign flips.
    /// </param>
    /// <param name="isBinarized">
    /// Whether the effective values are a binarizer's result instead of the latent ones.
    /// </param>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> is empty, or there are more values than a parameter may have.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    public Parameter(string name, int fanIn, int fanOut, bool isWeight, bool isBinarized)
        : this(name, fanIn, fanOut, isWeight, isBinarized, LengthOf(fanIn, fanOut), [fanOut, fanIn])
    {
    }

    /// <summary>Makes a parameter of any shape with all latent values 0.</summary>
    /// <param name="name">The name in messages and reports; not empty.</param>
    /// <param name="shape">
    /// The shape in files, outputs first; each size at least 1, and at most 2,147,418,112 values.
    /// </param>
    /// <param name="fanIn">Inputs of a unit, at least 1: for a convolution the values under its kernel.</param>
    /// <param name="fanOut">Units that an input reaches, at least 1.</param>
    /// <param name="isWeight">
    /// Whether it holds connection weights, which alone are clipped, scaled in rate and counted for sign flips.
    /// </param>
    /// <param name="isBinarized">
    /// Whether the effective values are a binarizer's result instead of the latent ones.
    /// </param>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> or <paramref name="shape"/> is empty, or there are too many values.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A size or a count is below 1.</exception>
    public Parameter(string name, ReadOnlySpan<int> shape, int fanIn, int fanOut, bool isWeight, bool isBinarized)
        : this(name, fanIn, fanOut, isWeight, isBinarized, LengthOf(shape), shape.ToArray())
    {
    }

    private Parameter(string name, int fanIn, int fanOut, bool isWeight, bool isBinarized, int length, int[] shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Guard.AtLeast(fanIn, 1, nameof(fanIn));
        Guard.AtLeast(fanOut, 1, nameof(fanOut));
        Name = name;
        Shape = shape;
        FanIn = fanIn;
        FanOut = fanOut;
        IsWeight = isWeight;
        IsBinarized = isBinarized;
        _latent = AlignedBuffer.Allocate(length);
        _gradient = AlignedBuffer.Allocate(_latent.Length);
        if (isBinarized) return;
        _effective = _latent;
        _hasEffective = true;
    }

    /// <summary>The name in messages and reports.</summary>
    public string Name { get; internal set; }

    /// <summary>The shape in files, outputs first; [FanOut, FanIn] unless it was made with another.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Inputs of a unit.</summary>
    public int FanIn { get; }

    /// <summary>Units that an input reaches.</summary>
    public int FanOut { get; }

    /// <summary>
    /// The binarizer of this parameter; it takes precedence over the binarizer of the model. Null takes the model's.
    /// At test time its <see cref="IBinarizer.ForInference"/> binarizes.
    /// </summary>
    public IBinarizer? Binarizer { get; init; }

    /// <summary>The number of values, the product of <see cref="Shape"/>.</summary>
    public int Length => _latent.Length;

    /// <summary>
    /// Whether it holds connection weights, which alone are clipped, scaled in rate and counted for sign flips.
    /// </summary>
    public bool IsWeight { get; }

    /// <summary>
    /// Whether <see cref="Effective"/> is a binarizer's result; otherwise it is <see cref="Latent"/> itself.
    /// </summary>
    public bool IsBinarized { get; }

    /// <summary>
    /// H: the magnitude of a binarized value and the bound of the latent weights. Positive and finite; 1 unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float Bound
    {
        get => _bound;
        init
        {
            Guard.Positive(value, nameof(Bound));
            _bound = value;
        }
    }

    /// <summary>
    /// The factor of the learning rate for this parameter, positive and finite; 1 unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float RateScale
    {
        get => _rateScale;
        set
        {
            Guard.Positive(value, nameof(RateScale));
            _rateScale = value;
        }
    }

    /// <summary>
    /// c = √(1.5 / (FanIn + FanOut)), the coefficient of Glorot and Bengio by which the paper scales rates (section
    /// 2.5).
    /// </summary>
    public float GlorotCoefficient => MathF.Sqrt(1.5f / ((float)FanIn + FanOut));

    /// <summary>
    /// The real values, row-major. After writing to them, call the model's <see cref="IModel.Binarize"/>.
    /// </summary>
    public Span<float> Latent => _latent.Span;

    /// <summary>
    /// The values that forward and backward use. The model may keep them in another form. This property then writes
    /// them to memory when it is read. Read it again after each <see cref="IModel.Binarize"/>. The model need not see
    /// a change of these values.
    /// </summary>
    public Span<float> Effective => EffectiveMemory.Span;

    /// <summary>dL/d(effective). It also serves as dL/d(latent), unchanged (straight-through estimator).</summary>
    public Span<float> Gradient => _gradient.Span;

    internal Memory<float> EffectiveMemory
    {
        get
        {
            if (!_hasEffective) ComputeEffective();
            return _effective;
        }
    }

    internal Memory<float> GradientMemory => _gradient;

    /// <summary>
    /// Effectively computes <c>Effective = binarizer(Latent)</c>; does nothing for a parameter that is not binarized. A
    /// model does so in <see cref="IModel.Binarize"/>.
    /// </summary>
    /// <param name="binarizer">
    /// The binarizer, unless this parameter has its own <see cref="Binarizer"/>. The bound is <see cref="Bound"/>.
    /// </param>
    /// <param name="forInference">Whether it is for test time, where the own binarizer draws nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="binarizer"/> is null.</exception>
    public void Binarize(IBinarizer binarizer, bool forInference = false)
    {
        ArgumentNullException.ThrowIfNull(binarizer);
        if (IsBinarized) Choose(binarizer, forInference).Binarize(Latent, Effective, _bound);
    }

    /// <summary>Whether all of some values are ±<see cref="Bound"/>.</summary>
    internal bool AreSigns(ReadOnlySpan<float> values) =>
        Math.Abs(TensorPrimitives.MaxMagnitude(values)) == _bound && Math.Abs(TensorPrimitives.MinMagnitude(values)) == _bound;

    /// <summary>The parameter's own binarizer if it has one, else the given one.</summary>
    internal IBinarizer Choose(IBinarizer given, bool forInference) =>
        Binarizer is null || given is LatentValues ? given : forInference ? Binarizer.ForInference : Binarizer;

    /// <summary>
    /// For a model that keeps the effective values in another form: they are computed from it at the first access.
    /// </summary>
    internal void DeferEffective(Action<Span<float>> compute)
    {
        _computeEffective = compute;
        _hasEffective = false;
    }

    private static int LengthOf(int fanIn, int fanOut)
    {
        Guard.AtLeast(fanIn, 1, nameof(fanIn));
        Guard.AtLeast(fanOut, 1, nameof(fanOut));
        return Guard.Product(fanIn, fanOut, AlignedBuffer.MostLength, nameof(fanIn), nameof(fanOut));
    }

    private static int LengthOf(ReadOnlySpan<int> shape)
    {
        Guard.AtLeast(shape.Length, 1, "shape.Length");
        int length = 1;
        foreach (int size in shape)
        {
            Guard.AtLeast(size, 1, nameof(shape));
            length = Guard.Product(length, size, AlignedBuffer.MostLength, "the sizes before", "the next size of 'shape'");
        }

        return length;
    }

    private void ComputeEffective()
    {
        lock (_gate)
        {
            if (_hasEffective) return;
            if (_effective.IsEmpty) _effective = AlignedBuffer.Allocate(Length);
            _computeEffective?.Invoke(_effective.Span);
            _computeEffective = null;
            _hasEffective = true;
        }
    }
}
