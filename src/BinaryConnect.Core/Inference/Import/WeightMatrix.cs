using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Models.Operations;
using BinaryConnect.Models.Products;

namespace BinaryConnect.Inference.Import;

/// <summary>The weights of an imported layer: their sizes, which are checked first, then their values.</summary>
internal sealed class WeightMatrix
{
    private readonly ITensorFile _file;
    private readonly ImportedLayer _layer;
    private readonly ImportedTensor _tensor;

    /// <summary>Checks the sizes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="before">The weights of the layer before; null for none.</param>
    /// <exception cref="InvalidDataException">There are no such weights, or they do not fit.</exception>
    public WeightMatrix(ITensorFile file, ImportedLayer layer, WeightMatrix? before)
    {
        (_file, _layer) = (file, layer);
        _tensor = file.Tensor(layer.Weights);
        long[] shape = _tensor.Shape;
        string expected = layer.InputsFirst ? "[inputs, outputs]" : "[outputs, inputs]";
        bool fits = shape.Length == 2 && shape[0] is > 0 and <= PackedWeights.MostUnits
            && shape[1] is > 0 and <= PackedWeights.MostUnits;
        if (!fits || shape[0] * shape[1] > PackedWeights.MostWeights)
            throw Fault(
                $"has shape {Shape.Text(shape)}; it must be {expected}, each from 1 to {PackedWeights.MostUnits:N0}, "
                + $"and have at most {PackedWeights.MostWeights:N0} values.");
        (Outputs, Inputs) = layer.InputsFirst ? ((int)shape[1], (int)shape[0]) : ((int)shape[0], (int)shape[1]);
        if (before is not null && before.Outputs != Inputs)
            throw Fault(
                $"has shape {Shape.Text(shape)}; it must be {expected} with {before.Outputs:N0} inputs, as many as "
                + $"'{Excerpt.Of(before._tensor.Name)}' has outputs{(before.Outputs == Outputs ? "; is it transposed?" : ".")}");
    }

    /// <summary>m.</summary>
    public int Outputs { get; }

    /// <summary>f.</summary>
    public int Inputs { get; }

    // Whether the file has all weights of an output together.
    private bool IsByOutputs => _layer.InputsFirst == _tensor.IsColumnMajor;

    /// <summary>Reads the values, as the product with them.</summary>
    /// <exception cref="InvalidDataException">A value is refused; the message has its index.</exception>
    public InferenceOp Read()
    {
        var values = new TensorValues(_file.Open(_tensor), _tensor.Type);
        return _layer.Kind == ImportedWeights.Real ? ReadReal(values) : ReadSigns(values);
    }

    private RealLinear ReadReal(TensorValues values)
    {
        float[] weights = new float[Guard.Product(Outputs, Inputs, PackedWeights.MostWeights, "outputs", "inputs")];
        ForEach(values, (output, input, value) =>
        {
            if (!float.IsFinite(value)) throw Refuse(output, input, value, "finite");
            weights[output * Inputs + input] = value;
        });
        return new RealLinear(Inputs, Outputs, weights);
    }

    private SignLinear ReadSigns(TensorValues values)
    {
        int stride = (Inputs + 7) / 8;
        byte[] bits = new byte[Guard.Product(Outputs, stride, Array.MaxLength, "outputs", "bytes of a row")];
        float scale = 0;
        ForEach(values, (output, input, value) =>
        {
            if (_layer.Kind == ImportedWeights.Signs)
            {
                if (scale == 0 && float.IsFinite(value)) scale = Math.Abs(value);
                if (scale == 0 || Math.Abs(value) != scale)
                    throw Refuse(
                        output,
                        input,
                        value,
                        $"{(scale == 0 ? "+H or −H, H being above 0" : $"+{scale} or −{scale}, as those before")}. "
                        + $"'{nameof(ImportedWeights.LatentSigns)}' takes the signs of real weights");
            }
            else if (float.IsNaN(value))
            {
                throw Refuse(output, input, value, "a number");
            }

            if (!(value < 0)) bits[output * stride + input / 8] |= (byte)(1 << input % 8);
        });
        return new SignLinear(Inputs, Outputs, bits, _layer.Kind == ImportedWeights.Signs ? scale : 1);
    }

    private void ForEach(TensorValues values, Action<int, int, float> take)
    {
        bool isByOutputs = IsByOutputs;
        float[] row = new float[isByOutputs ? Inputs : Outputs];
        for (int i = 0; i < (isByOutputs ? Outputs : Inputs); i++)
        {
            values.Read(row);
            for (int k = 0; k < row.Length; k++)
            {
                if (isByOutputs) take(i, k, row[k]);
                else take(k, i, row[k]);
            }
        }
    }

    private InvalidDataException Refuse(int output, int input, float value, string expected)
    {
        (int first, int second) = _layer.InputsFirst ? (input, output) : (output, input);
        return Fault($"has {value} at [{first}, {second}]; it must be {expected}.");
    }

    private InvalidDataException Fault(string what) => _file.Fault($"tensor '{Excerpt.Of(_tensor.Name)}' {what}");
}
