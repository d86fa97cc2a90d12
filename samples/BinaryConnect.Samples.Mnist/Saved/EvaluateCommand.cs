using System.CommandLine;
using BinaryConnect.Data;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The command evaluate: the accuracy of a model on the test set.</summary>
internal sealed class EvaluateCommand : Command
{
    private readonly Argument<string> _model = SharedOptions.Model();
    private readonly Option<string> _data = SharedOptions.Data();
    private readonly Option<string> _json = SharedOptions.FileOrOutput("--json", "Writes the figures to this file.");

    public EvaluateCommand(TextWriter output, TextWriter error)
        : base("evaluate", "Classifies MNIST's test set by a model that --save or --pack wrote, and prints the accuracy.")
    {
        Arguments.Add(_model);
        Options.Add(_data);
        Options.Add(_json);
        Validators.Add(OptionParsing.CheckPlace);
        SetAction((parsed, cancellation) =>
        {
            string model = parsed.GetValue(_model)!, data = parsed.GetValue(_data) ?? SharedOptions.DefaultDataFolder;
            string? json = parsed.GetValue(_json);
            return CommandLine.RunJob(() => Run(model, data, json, Streams.For(output, error, json), cancellation), error);
        });
    }

    private static StopReason Run(string path, string folder, string? json, Streams streams, CancellationToken cancellation)
    {
        EvaluationReport.CheckWritable(json);
        var model = SavedModel.Open(path);
        Dataset test = SmallImages.For(model.FeatureCount, Data.Mnist.Load(folder).Test);
        model.CheckFits(path, test.FeatureCount, "The test set's images", test.ClassCount);
        int correct = model.CorrectOf(test);
        if (cancellation.IsCancellationRequested) return StopReason.Cancelled;
        var report = new EvaluationReport(
            path, model.Kind, OptionParsing.NameOf(model.Weights), test.Count, correct, (double)correct / test.Count);
        streams.Text.WriteLine($"{path}: {model.Kind}, {model.Describe(report.Accuracy)}");
        streams.Text.WriteLine($"{correct:N0} of {test.Count:N0} test images are classified as labelled");
        RunFailedException.Guard(() => report.Write(json, streams.Data));
        return StopReason.Completed;
    }
}
