using System.CommandLine;
using System.CommandLine.Parsing;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Export;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Export;

/// <summary>The command export: writes a model in a form that needs no .NET.</summary>
internal sealed class ExportCommand : Command
{
    private const string DefaultName = "digits";
    private const int DefaultVectors = 10;

    private readonly Argument<string> _model = SharedOptions.Model();

    private readonly Argument<string> _out = new("OUT") { Description = "What to write: the file, or the folder of C source." };

    private readonly Option<ExportFormat> _format = new("--to")
    {
        Description = "The form: "
            + string.Join("; ", ExportFormat.All.Select(format => $"{format.Name}: {format.Description}")) + ".",
        HelpName = string.Join('|', ExportFormat.All.Select(format => format.Name)),
        Required = true,
        CustomParser = FormatOf,
    };

    private readonly Option<string> _name = new("--name")
    {
        Description = "The name of files and functions of C source.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefaultName,
    };

    private readonly Option<CInnerLoop?> _loop = SharedOptions.Choice<CInnerLoop>(
        "--loop", "The inner loop of C source. [default: sum-tables]");

    private readonly Option<int> _vectors = new("--vectors")
    {
        Description = "The number of test vectors of C source.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => DefaultVectors,
        CustomParser = result => OptionParsing.Number(result, "--vectors", 1, "a whole number of at least 1"),
    };

    private readonly Option<OnnxWeights?> _weights = SharedOptions.Choice<OnnxWeights>(
        "--weights", "How an ONNX file holds binary weights: one bit each, or a float. [default: bits]");

    private readonly Option<string> _data = SharedOptions.Data();

    public ExportCommand(TextWriter output, TextWriter error)
        : base("export", "Writes a model in a form that needs no .NET.")
    {
        Arguments.Add(_model);
        Arguments.Add(_out);
        foreach (Option option in new Option[] { _format, _name, _loop, _vectors, _data, _weights }) Options.Add(option);
        Validators.Add(OptionParsing.CheckPlace);
        Validators.Add(CheckForFormat);
        SetAction((parsed, _) =>
        {
            ExportFormat format = parsed.GetValue(_format)!;
            ExportArguments arguments = Read(parsed);
            return CommandLine.RunJob(() => Run(format, arguments, output), error);
        });
    }

    private static ExportFormat? FormatOf(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] names = [.. ExportFormat.All.Select(format => format.Name)];
        int index = Array.IndexOf(names, text);
        if (index >= 0) return ExportFormat.All[index];
        result.AddError($"'--to' is '{text}'; it must be {string.Join(", ", names[..^1])} or {names[^1]}.");
        return null;
    }

    // An option without effect is a mistake.
    private void CheckForFormat(CommandResult result)
    {
        if (result.GetResult(_format) is not { Tokens: [var name] } to) return;
        if (ExportFormat.All.FirstOrDefault(known => known.Name == name.Value) is not { } format) return;
        if (format.WritesFile && result.GetResult(_out) is { } file) OptionParsing.CheckFile(file, "OUT");
        foreach (OptionResult option in result.Children.OfType<OptionResult>().Where(option => !option.Implicit))
        {
            if (option == to || format.Options.Contains(option.Option.Name)) continue;
            IEnumerable<ExportFormat> others = ExportFormat.All.Where(other => other.Options.Contains(option.Option.Name));
            result.AddError($"'{option.Option.Name}' stands with '--to {format.Name}'; it must stand with "
                + $"'--to {string.Join(" or ", others.Select(other => other.Name))}'.");
        }
    }

    private static StopReason Run(ExportFormat format, ExportArguments arguments, TextWriter output)
    {
        string? written = null;
        try
        {
            format.Check(arguments);
            var saved = SavedModel.Open(arguments.Model);
            PackedModel model = saved.Packed ?? saved.Pack();
            RunFailedException.Guard(() => written = format.Write(model, arguments));
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException(fault.Message, fault);
        }

        output.WriteLine($"Exported {arguments.Model} to {arguments.Out}: {written}");
        return StopReason.Completed;
    }

    private ExportArguments Read(ParseResult parsed) => new(
        parsed.GetValue(_model)!,
        parsed.GetValue(_out)!,
        parsed.GetValue(_name)!,
        parsed.GetValue(_loop) ?? CInnerLoop.SumTables,
        parsed.GetValue(_data) ?? SharedOptions.DefaultDataFolder,
        parsed.GetValue(_vectors),
        parsed.GetValue(_weights) ?? OnnxWeights.Bits);
}
