using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>A trained model, its options, and the report of its run.</summary>
internal sealed record TrainedDigits(LogisticModel Model, TrainerOptions Options, TrainingReport Report)
{
    /// <summary>The test accuracy after the last step.</summary>
    public double FinalAccuracy => Report.FinalEvaluation!.Accuracy;

    /// <summary>The best test accuracy of the run, which the test set chose.</summary>
    public double BestAccuracy => Report.BestEvaluation!.Accuracy;
}
