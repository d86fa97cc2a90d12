using BinaryConnect.Binarization;
using BinaryConnect.Files;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>
/// A copy of a model's latent values and statistics, which can be restored. It has the effective values too, if they
/// cannot be recomputed.
/// </summary>
internal sealed class ModelCopy
{
    private readonly IModel _model;
    private readonly bool _withEffective;
    private readonly ModelTensor[] _tensors;
    private readonly float[][] _values;

    /// <param name="model">The model that is copied.</param>
    /// <param name="withEffective">
    /// Whether effective values are kept; if not, the caller that restores the model binarizes it.
    /// </param>
    public ModelCopy(IModel model, bool withEffective)
    {
        _model = model;
        _withEffective = withEffective;
        _tensors = TensorsOf(model, withEffective);
        _values = Array.ConvertAll(_tensors, tensor => new float[tensor.Values().Length]);
    }

    /// <summary>Whether there is a copy to restore.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Adds the tensors of a copy to a file; names start with <paramref name="prefix"/>.</summary>
    public static void AddTo(SafetensorsWriter writer, string prefix, IModel model, bool withEffective)
    {
        foreach (ModelTensor tensor in TensorsOf(model, withEffective))
            writer.Add<float>($"{prefix}.{tensor.Name}", tensor.Sizes, () => tensor.Values());
    }

    /// <summary>Copies the model's current values.</summary>
    public void Keep()
    {
        for (int i = 0; i < _tensors.Length; i++) _tensors[i].Values().CopyTo(_values[i]);
        IsKept = true;
    }

    /// <summary>Restores the copy; false if there is none.</summary>
    public bool Restore()
    {
        if (!IsKept) return false;
        try
        {
            if (_withEffective) RestoreEffective();
        }
        finally
        {
            // Even if a model cannot binarize, its latent values must be restored.
            for (int i = EffectiveCount; i < _tensors.Length; i++) _values[i].CopyTo(_tensors[i].Values());
        }

        return true;
    }

    /// <summary>Adds the copy to a file, its names starting with <paramref name="prefix"/>.</summary>
    public void AddTo(SafetensorsWriter writer, string prefix)
    {
        for (int i = 0; i < _tensors.Length; i++)
            writer.Add<float>($"{prefix}.{_tensors[i].Name}", _tensors[i].Sizes, _values[i]);
    }

    /// <summary>Reads the copy from a file; the model does not change.</summary>
    /// <exception cref="InvalidDataException">
    /// The file does not have it, or not in these shapes, or a value is out of range.
    /// </exception>
    public void ReadFrom(CheckpointTensors tensors, string prefix)
    {
        for (int i = 0; i < _tensors.Length; i++)
            tensors.ReadFloats($"{prefix}.{_tensors[i].Name}", _tensors[i].Sizes, _values[i], _tensors[i].Least);
        IsKept = true;
    }

    private int EffectiveCount => _withEffective ? ModelTensor.Binarized(_model).Count() : 0;

    private static ModelTensor[] TensorsOf(IModel model, bool withEffective) =>
        [.. withEffective ? ModelTensor.Effective(model) : [], .. ModelTensor.Trained(model)];

    // The model may keep effective values in a second form. So it binarizes them itself, as if they were latent ones.
    private void RestoreEffective()
    {
        int i = 0;
        foreach (Parameter parameter in ModelTensor.Binarized(_model)) _values[i++].CopyTo(parameter.Latent);
        _model.Binarize(new LatentValues());
    }
}
