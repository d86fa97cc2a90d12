using BinaryConnect.Models;

namespace BinaryConnect.Training;

/// <summary>A copy of a model's latent and propagated values, made at its best evaluation.</summary>
internal sealed class BestModel(IModel model)
{
    private readonly float[][] _latent = [.. model.Parameters.Select(parameter => new float[parameter.Length])];
    private readonly float[][] _propagated = [.. model.Parameters.Select(parameter => new float[parameter.Length])];
    private bool _kept;

    public void Keep()
    {
        for (int i = 0; i < _latent.Length; i++)
        {
            model.Parameters[i].Latent.CopyTo(_latent[i]);
            model.Parameters[i].Propagated.CopyTo(_propagated[i]);
        }

        _kept = true;
    }

    /// <summary>Brings the copy back; false when none was made.</summary>
    public bool Restore()
    {
        for (int i = 0; _kept && i < _latent.Length; i++)
        {
            _latent[i].CopyTo(model.Parameters[i].Latent);
            _propagated[i].CopyTo(model.Parameters[i].Propagated);
        }

        return _kept;
    }
}
