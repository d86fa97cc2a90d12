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

    private readonly Option<string> _data = SharedOptions.Data();

    public ExportCommand(TextWriter output, TextWriter error)
        : base("export", "Writes a model in a form that needs no .NET.")
    {
        Arguments.Add(_model);
        Arguments.Add(_out);
        foreach (Option option in new Option[] { _format, _name, _loop, _data }) Options.Add(option);
        Validators.Add(OptionParsing.CheckPlace);
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
        ExportFormat? format = ExportFormat.All.FirstOrDefault(known => known.Name == text);
        string names = string.Join(" or ", ExportFormat.All.Select(known => known.Name));
        if (format is null) result.AddError($"'--to' is '{text}'; it must be {names}.");
        return format;
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
        parsed.GetValue(_data) ?? SharedOptions.DefaultDataFolder);
}
