using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;
using BinaryConnect.Optimizers;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>The optimizer's state of each parameter, in a checkpoint.</summary>
internal static class OptimizerTensors
{
    private const string Steps = "optimizer.steps";

    /// <summary>Adds steps and values of all parameters to a file.</summary>
    public static void AddTo(SafetensorsWriter writer, IOptimizer optimizer, IReadOnlyList<Parameter> parameters)
    {
        long[] steps = [.. parameters.Select(parameter => optimizer.StateOf(parameter).Steps)];
        writer.Add<long>(Steps, [parameters.Count], steps);
        foreach (Parameter parameter in parameters)
        {
            OptimizerState state = optimizer.StateOf(parameter);
            for (int i = 0; i < state.SlotNames.Count; i++)
            {
                int slot = i;
                writer.Add<float>(NameOf(state, slot, parameter), ModelTensor.ShapeOf(parameter), () => state.Slot(slot));
            }
        }
    }

    /// <summary>Reads the states into new objects; the optimizer does not change.</summary>
    /// <exception cref="InvalidDataException">
    /// The file does not have them, or not in these shapes, or a value is out of range.
    /// </exception>
    public static OptimizerState[] Read(
        CheckpointTensors tensors, IOptimizer optimizer, IReadOnlyList<Parameter> parameters)
    {
        long[] steps = tensors.ReadCounts(Steps, parameters.Count);
        var states = new OptimizerState[parameters.Count];
        for (int i = 0; i < states.Length; i++)
            states[i] = Read(tensors, optimizer.StateOf(parameters[i]).NewLike(), parameters[i], steps[i]);
        return states;
    }

    /// <summary>Copies the states to the optimizer.</summary>
    public static void Restore(OptimizerState[] states, IOptimizer optimizer, IReadOnlyList<Parameter> parameters)
    {
        for (int i = 0; i < states.Length; i++) optimizer.StateOf(parameters[i]).CopyFrom(states[i]);
    }

    private static OptimizerState Read(CheckpointTensors tensors, OptimizerState state, Parameter parameter, long steps)
    {
        state.Steps = steps;
        for (int slot = 0; slot < state.SlotNames.Count; slot++)
            tensors.Read(NameOf(state, slot, parameter), ModelTensor.ShapeOf(parameter), state.Slot(slot));
        return state.Fault() is string fault
            ? throw tensors.Fault($"of the tensors 'optimizer.*.{Excerpt.Of(parameter.Name)}', {fault}.")
            : state;
    }

    private static string NameOf(OptimizerState state, int slot, Parameter parameter) =>
        $"optimizer.{state.SlotNames[slot]}.{parameter.Name}";
}
