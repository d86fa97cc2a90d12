using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Training.Steps;

/// <summary>
/// The latent values and the optimizer state of one parameter before its update. Its memory is allocated once, and
/// again only if the optimizer gives a state of another shape.
/// </summary>
internal sealed class ParameterCopy(Parameter parameter, IOptimizer optimizer)
{
    private readonly Memory<float> _latent = AlignedBuffer.Allocate(parameter.Length);
    private OptimizerState? _live, _state;
    private bool _isKept;

    /// <summary>
    /// Begins a copy. Then all of it must be kept, as a whole or in parts, before any of it is updated.
    /// </summary>
    public void Begin()
    {
        _live = optimizer.StateOf(parameter);
        bool fits = _state is not null && _state.Length == _live.Length && _state.SlotNames.Count == _live.SlotNames.Count;
        if (!fits) _state = _live.NewLike();
        _state!.Steps = _live.Steps;
        _isKept = true;
    }

    /// <summary>Keeps latent values and state as a whole.</summary>
    public void KeepAll()
    {
        parameter.Latent.CopyTo(_latent.Span);
        _state!.CopyFrom(_live!);
    }

    /// <summary>Keeps a part. Different threads may keep different parts.</summary>
    public void Keep(int start, int length)
    {
        parameter.Latent.Slice(start, length).CopyTo(_latent.Span[start..]);
        for (int i = 0; i < _live!.SlotNames.Count; i++)
            _live.Slot(i).Slice(start, length).CopyTo(_state!.Slot(i)[start..]);
    }

    /// <summary>The number of signs that an update changed, and Σ |after − before|.</summary>
    public (int SignFlips, double WeightChange) Compare() => Signs.Compare(_latent.Span, parameter.Latent);

    /// <summary>Accepts the update.</summary>
    public void Release() => _isKept = false;

    /// <summary>Restores the kept values, if there are any.</summary>
    public void Restore()
    {
        if (!_isKept) return;
        _latent.Span.CopyTo(parameter.Latent);
        _live!.CopyFrom(_state!);
        _isKept = false;
    }
}
