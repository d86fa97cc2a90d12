using BinaryConnect.Binarization;
using BinaryConnect.Guards;

namespace BinaryConnect.Models.Operations;

/// <summary>Gathers the operations of a network's layers, in order.</summary>
public sealed class InferenceOps
{
    private readonly IBinarizer _binarizer;
    private readonly List<InferenceOp> _ops = [];

    /// <summary>Gathers for weights that a binarizer makes.</summary>
    /// <param name="binarizer">What binarizes parameters that have no binarizer of their own.</param>
    /// <exception cref="ArgumentNullException"><paramref name="binarizer"/> is null.</exception>
    public InferenceOps(IBinarizer binarizer)
    {
        ArgumentNullException.ThrowIfNull(binarizer);
        _binarizer = binarizer;
    }

    /// <summary>The operations so far.</summary>
    public IReadOnlyList<InferenceOp> Ops => _ops;

    /// <summary>Adds an operation.</summary>
    /// <param name="op">The operation.</param>
    /// <exception cref="ArgumentNullException"><paramref name="op"/> is null.</exception>
    public void Add(InferenceOp op)
    {
        ArgumentNullException.ThrowIfNull(op);
        _ops.Add(op);
    }

    /// <summary>
    /// Adds the product with weights [m, f]: a <see cref="SignLinear"/> where all are ±H once they are binarized, else
    /// a <see cref="RealLinear"/>.
    /// </summary>
    /// <param name="weights">The weights; they stay as they are.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    public void AddLinear(Parameter weights)
    {
        float[] values = Effective(weights);
        int outputs = weights.Shape[0], inputs = values.Length / outputs, stride = (inputs + 7) / 8;
        if (!weights.AreSigns(values))
        {
            Add(new RealLinear(inputs, outputs, values));
            return;
        }

        byte[] signs = new byte[Guard.Product(outputs, stride, Array.MaxLength, "outputs", "bytes of a row")];
        for (int i = 0; i < values.Length; i++)
        {
            int input = i % inputs;
            if (values[i] > 0) signs[i / inputs * stride + input / 8] |= (byte)(1 << input % 8);
        }

        Add(new SignLinear(inputs, outputs, signs, weights.Bound));
    }

    /// <summary>The values that a parameter has at test time; the parameter stays as it is.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    public float[] Effective(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        float[] values = parameter.Latent.ToArray();
        if (parameter.IsBinarized)
            parameter.Choose(_binarizer.ForInference, forInference: true).Binarize(parameter.Latent, values, parameter.Bound);
        return values;
    }
}
