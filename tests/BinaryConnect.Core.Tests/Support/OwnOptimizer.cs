using System.Runtime.CompilerServices;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// An optimizer as a user may write one: momentum by plain loops, and a fault that a test puts in after a step.
/// </summary>
internal sealed class OwnOptimizer(float momentum = 0.9f) : IOptimizer
{
    private readonly ConditionalWeakTable<Parameter, OptimizerState> _states = [];

    /// <summary>Called at the end of each step, with the state.</summary>
    public Action<Parameter, OptimizerState> OnStep { get; set; } = (_, _) => { };

    public void Step(Parameter parameter, float learningRate)
    {
        OptimizerState state = StateOf(parameter);
        state.Steps++;
        Span<float> velocity = state.Slot(0);
        for (int i = 0; i < velocity.Length; i++)
        {
            velocity[i] = momentum * velocity[i] + parameter.Gradient[i];
            parameter.Latent[i] -= learningRate * velocity[i];
        }

        OnStep(parameter, state);
    }

    public OptimizerState StateOf(Parameter parameter)
    {
        if (_states.TryGetValue(parameter, out OptimizerState? state)) return state;
        state = new OptimizerState(parameter.Length, "velocity");
        _states.Add(parameter, state);
        return state;
    }

    public void Reset() => _states.Clear();
}
