using BinaryConnect.Binarization;
using BinaryConnect.Files;
using BinaryConnect.Kernels;
using BinaryConnect.Models;

namespace BinaryConnect.Training;

/// <summary>A copy of a model's latent and propagated values and its statistics, to be brought back.</summary>
internal sealed class ModelCopy(IModel model)
{
    private readonly float[][] _latent = [.. model.Parameters.Select(parameter => new float[parameter.Length])];
    private readonly float[][] _propagated = [.. model.Parameters.Select(parameter => new float[parameter.IsBinarized ? parameter.Length : 0])];
    private readonly float[][] _statistics = [.. model.Statistics.Select(statistic => new float[statistic.Values.Length])];

    /// <summary>Whether there is anything to be brought back.</summary>
    public bool IsKept { get; private set; }

    public void Keep()
    {
        for (int i = 0; i < _latent.Length; i++)
        {
            Parameter parameter = model.Parameters[i];
            parameter.Latent.CopyTo(_latent[i]);
            if (parameter.IsBinarized) parameter.Propagated.CopyTo(_propagated[i]);
        }

        for (int i = 0; i < _statistics.Length; i++) model.Statistics[i].Values.CopyTo(_statistics[i]);
        IsKept = true;
    }

    /// <summary>Brings the copy back; false when none was made.</summary>
    public bool Restore()
    {
        if (!IsKept) return false;

        // The model propagates the values itself, since it may keep them in another form too, such as packed signs.
        for (int i = 0; i < _latent.Length; i++)
        {
            Parameter parameter = model.Parameters[i];
            (parameter.IsBinarized ? _propagated : _latent)[i].CopyTo(parameter.Latent);
        }

        model.Propagate(new FullPrecision());
        for (int i = 0; i < _latent.Length; i++) _latent[i].CopyTo(model.Parameters[i].Latent);
        for (int i = 0; i < _statistics.Length; i++) _statistics[i].CopyTo(model.Statistics[i].Values);
        return true;
    }

    /// <summary>Adds the copy to a file, its names starting with <paramref name="prefix"/>.</summary>
    public void AddTo(SafetensorsWriter writer, string prefix)
    {
        for (int i = 0; i < _latent.Length; i++)
        {
            Parameter parameter = model.Parameters[i];
            writer.Add<float>($"{prefix}.latent.{parameter.Name}", [parameter.FanOut, parameter.FanIn], _latent[i]);
            if (parameter.IsBinarized) writer.Add<float>($"{prefix}.propagated.{parameter.Name}", [parameter.FanOut, parameter.FanIn], _propagated[i]);
        }

        for (int i = 0; i < _statistics.Length; i++)
            writer.Add<float>($"{prefix}.statistic.{model.Statistics[i].Name}", [_statistics[i].Length], _statistics[i]);
    }

    /// <summary>Takes the copy from a file; the model stays as it is.</summary>
    /// <exception cref="InvalidDataException">The file has it not, or not of these shapes, or a value is NaN or infinite.</exception>
    public void ReadFrom(CheckpointTensors tensors, string prefix)
    {
        for (int i = 0; i < _latent.Length; i++)
        {
            Parameter parameter = model.Parameters[i];
            ReadFinite($"{prefix}.latent.{parameter.Name}", parameter, _latent[i]);
            if (parameter.IsBinarized) ReadFinite($"{prefix}.propagated.{parameter.Name}", parameter, _propagated[i]);
        }

        for (int i = 0; i < _statistics.Length; i++)
            tensors.Read($"{prefix}.statistic.{model.Statistics[i].Name}", [_statistics[i].Length], _statistics[i].AsSpan());
        IsKept = true;

        void ReadFinite(string name, Parameter parameter, float[] values)
        {
            tensors.Read(name, [parameter.FanOut, parameter.FanIn], values.AsSpan());
            if (!Finite.All(values)) throw tensors.Fault($"tensor '{name}' has NaN or infinite values; all must be finite.");
        }
    }
}
