using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>A trained network, as it was at its best epoch.</summary>
/// <param name="Name">The name in tables and legends.</param>
/// <param name="Regularizer">The regularizer of the run.</param>
/// <param name="Network">The network, whose effective values are those of its test.</param>
/// <param name="Report">The report of the run.</param>
/// <param name="Test">The evaluation on the test set.</param>
internal sealed record NetworkRun(
    string Name, Regularizer Regularizer, MultilayerPerceptron Network, TrainingReport Report, EvaluationResult Test);
