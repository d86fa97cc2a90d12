using BinaryConnect.Binarization;
using BinaryConnect.Models;

namespace BinaryConnect.Training;

/// <summary>A copy of a model's latent and propagated values and its statistics, to be brought back.</summary>
internal sealed class ModelCopy(IModel model)
{
    private readonly float[][] _latent = [.. model.Parameters.Select(parameter => new float[parameter.Length])];
    private readonly float[][] _propagated = [.. model.Parameters.Select(parameter => new float[parameter.Length])];
    private readonly float[][] _statistics = [.. model.Statistics.Select(statistic => new float[statistic.Values.Length])];
    private bool _kept;

    public void Keep()
    {
        for (int i = 0; i < _latent.Length; i++)
        {
            model.Parameters[i].Latent.CopyTo(_latent[i]);
            model.Parameters[i].Propagated.CopyTo(_propagated[i]);
        }

        for (int i = 0; i < _statistics.Length; i++) model.Statistics[i].Values.CopyTo(_statistics[i]);
        _kept = true;
    }

    /// <summary>Brings the copy back; false when none was made.</summary>
    public bool Restore()
    {
        if (!_kept) return false;

        // The model propagates the values itself, since it may keep them in another form too, such as packed signs.
        for (int i = 0; i < _propagated.Length; i++) _propagated[i].CopyTo(model.Parameters[i].Latent);
        model.Propagate(new FullPrecision());
        for (int i = 0; i < _latent.Length; i++) _latent[i].CopyTo(model.Parameters[i].Latent);
        for (int i = 0; i < _statistics.Length; i++) _statistics[i].CopyTo(model.Statistics[i].Values);
        return true;
    }
}
