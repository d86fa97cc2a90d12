using BinaryConnect.Binarization;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;

namespace BinaryConnect.Training.Steps;

/// <summary>
/// The state that a forward pass changes and a divergence must restore: statistics, and the draw counts of model and
/// binarizer. Its memory is allocated once.
/// </summary>
internal sealed class StepSnapshot
{
    private readonly IModel _model;
    private readonly IBinarizer _binarizer;
    private readonly Statistic[] _statistics;
    private readonly float[][] _values;
    private readonly long[] _draws;
    private long _binarizerDraws;

    public StepSnapshot(IModel model, IBinarizer binarizer)
    {
        _model = model;
        _binarizer = binarizer;
        _statistics = [.. model.Statistics];
        _values = Array.ConvertAll(_statistics, statistic => new float[statistic.Values.Length]);
        _draws = new long[model.Draws.Count];
    }

    /// <summary>Whether there is a copy to restore.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Copies the current state, unless there is an earlier copy.</summary>
    public void Keep()
    {
        if (IsKept) return;
        for (int i = 0; i < _statistics.Length; i++) _statistics[i].Values.CopyTo(_values[i]);
        CopyDraws();
        _binarizerDraws = _binarizer.Draws;
        IsKept = true;
    }

    /// <summary>Accepts all changes since the copy.</summary>
    public void Release() => IsKept = false;

    /// <summary>Restores the copy, if there is one.</summary>
    public void Restore()
    {
        if (!IsKept) return;
        IsKept = false;
        for (int i = 0; i < _statistics.Length; i++) _values[i].CopyTo(_statistics[i].Values);
        if (_draws.Length > 0) _model.Draws = [.. _draws];
        _binarizer.Draws = _binarizerDraws;
    }

    /// <summary>The statistic that is NaN or infinite; null if all are finite.</summary>
    public string? Fault()
    {
        foreach (Statistic statistic in _statistics)
        {
            if (!FiniteCheck.All(statistic.Values)) return $"the statistic '{statistic.Name}' is not finite";
        }

        return null;
    }

    private void CopyDraws()
    {
        if (_draws.Length == 0) return;
        if (_model is ICopiesDraws model)
        {
            model.CopyDraws(_draws);
            return;
        }

        IReadOnlyList<long> draws = _model.Draws;
        for (int i = 0; i < _draws.Length; i++) _draws[i] = draws[i];
    }
}
