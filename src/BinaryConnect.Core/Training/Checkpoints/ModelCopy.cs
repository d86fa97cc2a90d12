using BinaryConnect.Binarization;
using BinaryConnect.Files;
using BinaryConnect.Models;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>A copy of a model's latent values and statistics, to be brought back, and of its propagated values where they cannot be made anew.</summary>
internal sealed class ModelCopy
{
    private readonly IModel _model;
    private readonly bool _withEffective;
    private readonly ModelTensor[] _tensors;
    private readonly float[][] _values;

    /// <param name="model">The model that is copied.</param>
    /// <param name="withEffective">Whether propagated values are kept; else whoever restores the model has it propagate.</param>
    public ModelCopy(IModel model, bool withEffective)
    {
        _model = model;
        _withEffective = withEffective;
        _tensors = TensorsOf(model, withEffective);
        _values = Array.ConvertAll(_tensors, tensor => new float[tensor.Values().Length]);
    }

    /// <summary>Whether there is anything to be brought back.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Adds the tensors of a copy to a file; names start with <paramref name="prefix"/>.</summary>
    public static void AddTo(SafetensorsWriter writer, string prefix, IModel model, bool withEffective)
    {
        foreach (ModelTensor tensor in TensorsOf(model, withEffective))
            writer.Add<float>($"{prefix}.{tensor.Name}", tensor.Shape, () => tensor.Values());
    }

    /// <summary>Copies the model as it is.</summary>
    public void Keep()
    {
        for (int i = 0; i < _tensors.Length; i++) _tensors[i].Values().CopyTo(_values[i]);
        IsKept = true;
    }

    /// <summary>Brings the copy back; false when none was made.</summary>
    public bool Restore()
    {
        if (!IsKept) return false;
        try
        {
            if (_withEffective) RestoreEffective();
        }
        finally
        {
            // Even where a model cannot propagate, its latent values must be its own.
            for (int i = EffectiveCount; i < _tensors.Length; i++) _values[i].CopyTo(_tensors[i].Values());
        }

        return true;
    }

    /// <summary>Adds the copy to a file, its names starting with <paramref name="prefix"/>.</summary>
    public void AddTo(SafetensorsWriter writer, string prefix)
    {
        for (int i = 0; i < _tensors.Length; i++) writer.Add<float>($"{prefix}.{_tensors[i].Name}", _tensors[i].Shape, _values[i]);
    }

    /// <summary>Takes the copy from a file; the model stays as it is.</summary>
    /// <exception cref="InvalidDataException">
    /// The file has it not, or not of these shapes, or a value is out of range.
    /// </exception>
    public void ReadFrom(CheckpointTensors tensors, string prefix)
    {
        for (int i = 0; i < _tensors.Length; i++)
            tensors.ReadFloats($"{prefix}.{_tensors[i].Name}", _tensors[i].Shape, _values[i], _tensors[i].Least);
        IsKept = true;
    }

    private int EffectiveCount => _withEffective ? ModelTensor.Binarized(_model).Count() : 0;

    private static ModelTensor[] TensorsOf(IModel model, bool withEffective) =>
        [.. withEffective ? ModelTensor.Effective(model) : [], .. ModelTensor.Latent(model), .. ModelTensor.Statistics(model)];

    // The model propagates the values itself, as if they were the latent ones, since it may keep them in another form too.
    private void RestoreEffective()
    {
        int i = 0;
        foreach (Parameter parameter in ModelTensor.Binarized(_model)) _values[i++].CopyTo(parameter.Latent);
        _model.Binarize(new LatentValues());
    }
}
