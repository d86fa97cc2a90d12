using System.CommandLine;
using BinaryConnect.Inference;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The command pack: makes a saved model into a packed one.</summary>
internal sealed class PackCommand : Command
{
    private readonly Argument<string> _model = SharedOptions.Model();
    private readonly Argument<string> _out = new("OUT") { Description = "The file to write." };

    public PackCommand(TextWriter output, TextWriter error)
        : base("pack", "Packs a model that --save wrote: one bit for each binary weight.")
    {
        _out.Validators.Add(result => OptionParsing.CheckFile(result, "OUT"));
        Arguments.Add(_model);
        Arguments.Add(_out);
        Validators.Add(OptionParsing.CheckPlace);
        SetAction((parsed, _) =>
        {
            string model = parsed.GetValue(_model)!, file = parsed.GetValue(_out)!;
            return CommandLine.RunJob(() => Run(model, file, output), error);
        });
    }

    private static StopReason Run(string path, string file, TextWriter output)
    {
        WholeFile.CheckReplaceable(file);
        if (Path.GetFullPath(path) == Path.GetFullPath(file))
            throw new InvalidDataException($"'MODEL' and 'OUT' are both '{file}'; each must have a file of its own.");
        var model = SavedModel.Open(path);
        if (model.Packed is not null)
            throw new InvalidDataException($"'{path}' is packed already; it must be a model that --save wrote.");
        PackedModel packed = model.Pack();
        long before = new FileInfo(path).Length;
        RunFailedException.Guard(() => WholeFile.Naming(file, () => packed.Save(file)));
        string weights = model.Weights == EvaluationWeights.Inference ? "" : "; real weights stay real";
        output.WriteLine($"Packed {path} in {file}: {before:N0} -> {new FileInfo(file).Length:N0} bytes{weights}");
        return StopReason.Completed;
    }
}
