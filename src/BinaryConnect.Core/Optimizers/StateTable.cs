using System.Runtime.CompilerServices;
using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>
/// The states of all parameters that an optimizer has updated. Parameters are compared by reference. The table keeps no
/// parameter alive, and a state ends with its parameter. Nothing is allocated for a known one.
/// </summary>
internal sealed class StateTable(params SlotLimits[] slots)
{
    private readonly ConditionalWeakTable<Parameter, OptimizerState> _states = [];

    public OptimizerState Of(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!_states.TryGetValue(parameter, out OptimizerState? state))
        {
            state = new OptimizerState(slots, parameter.Length);
            _states.Add(parameter, state);
        }

        return state;
    }

    /// <summary>Resets every state in place, since callers may hold the objects.</summary>
    public void Reset()
    {
        foreach ((_, OptimizerState state) in _states) state.Reset();
    }
}
