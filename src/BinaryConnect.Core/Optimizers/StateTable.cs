using BinaryConnect.Models;

namespace BinaryConnect.Optimizers;

/// <summary>The states of all parameters an optimizer has met. Parameters are told apart as objects; nothing is allocated for a known one.</summary>
internal sealed class StateTable(params string[] slotNames)
{
    private readonly Dictionary<Parameter, OptimizerState> _states = [];

    public OptimizerState Of(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!_states.TryGetValue(parameter, out OptimizerState? state))
        {
            state = new OptimizerState(parameter.Length, slotNames);
            _states.Add(parameter, state);
        }

        return state;
    }
}
