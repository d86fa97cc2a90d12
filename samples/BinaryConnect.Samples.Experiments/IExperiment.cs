using BinaryConnect.Samples.Experiments.Reporting;

namespace BinaryConnect.Samples.Experiments;

/// <summary>An experiment: a question, runs that answer it, and a report.</summary>
internal interface IExperiment
{
    /// <summary>The name on the command line, such as "post-training".</summary>
    string Name { get; }

    /// <summary>One sentence, the question that it answers.</summary>
    string Question { get; }

    /// <summary>The options that it takes beside those of all experiments, such as "--epochs".</summary>
    IReadOnlyList<string> Options => [];

    /// <summary>The seeds of its runs, unless the user gives others.</summary>
    IReadOnlyList<int> Seeds => [1, 2, 3, 4, 5];

    /// <summary>Trains, measures, and reports. Findings follow from the measured numbers.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    Report Run(ExperimentSettings settings);
}
