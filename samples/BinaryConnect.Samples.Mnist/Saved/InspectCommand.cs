using System.CommandLine;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The command inspect: what a file of the library holds.</summary>
internal sealed class InspectCommand : Command
{
    private const string Prefix = "note.";
    private const int MostCharacters = 100;

    private readonly Argument<string> _file = SharedOptions.InputFile(
        "FILE", "A model, a packed model or a checkpoint.");

    public InspectCommand(TextWriter output, TextWriter error)
        : base("inspect", "Says what a file of this library holds: kind, input, layers, sizes and notes.")
    {
        Arguments.Add(_file);
        Validators.Add(OptionParsing.CheckPlace);
        SetAction((parsed, _) =>
        {
            string file = parsed.GetValue(_file)!;
            return CommandLine.RunJob(() => Run(file, output), error);
        });
    }

    private static StopReason Run(string file, TextWriter output)
    {
        IReadOnlyDictionary<string, string> texts = ModelFile.Inspect(file);
        string? kind = FileContent.KindOf(texts);
        Action<TextWriter>? describe = kind switch
        {
            FileContent.Model => Describing(ModelFile.Load(file)),
            FileContent.PackedModel => Describing(PackedModel.Load(file)),
            FileContent.Checkpoint => null,
            _ => throw new InvalidDataException(
                $"'{file}' is no file of this library; it must be a model, a packed model or a checkpoint."),
        };
        output.WriteLine($"{file}: {kind}, version {Excerpt(texts.GetValueOrDefault("version", "unknown"))}, "
            + $"{new FileInfo(file).Length:N0} bytes");
        describe?.Invoke(output);
        foreach (string line in kind == FileContent.Checkpoint ? Texts(texts) : Notes(texts)) output.WriteLine(line);
        return StopReason.Completed;
    }

    private static Action<TextWriter> Describing(Sequential network) => output =>
    {
        output.WriteLine($"input {network.InputShape}, {network.ClassCount:N0} classes");
        output.WriteLine();
        LayerTable.Write(output, network.Summary());
    };

    private static Action<TextWriter> Describing(PackedModel model) => output =>
    {
        string shift = model.InputShift < 0 ? $"- {-model.InputShift:G6}" : $"+ {model.InputShift:G6}";
        output.WriteLine($"input {model.InputShape}, {model.ClassCount:N0} classes; "
            + $"a byte b stands for {model.InputScale:G6} * b {shift}");
        output.WriteLine();
        var table = new TextTable("layer", "product", "+shape", "+1-bit\nvalues", "+32-bit\nvalues", "+bytes", "outputs");
        for (int i = 0; i < model.Layers.Count; i++)
        {
            PackedLayer layer = model.Layers[i];
            (string product, long bits) = layer switch
            {
                { SignBits.IsEmpty: false } => ("signs", (long)layer.Inputs * layer.Outputs),
                { Weights.IsEmpty: false } => ("real weights", 0L),
                _ => ("none", 0L),
            };
            long real = (long)layer.Weights.Length + layer.Scale.Length + layer.Offset.Length;
            string shape = $"{layer.Inputs} -> {layer.Outputs}";
            table.Add($"layer{i + 1}", product, shape, $"{bits:N0}", $"{real:N0}", $"{layer.Bytes:N0}", RangeOf(layer));
        }

        table.Add("total", "", "", "", "", $"{model.Bytes:N0}", "").Write(output);
    };

    private static string RangeOf(PackedLayer layer) => (float.IsFinite(layer.Low), float.IsFinite(layer.High)) switch
    {
        (false, false) => "any",
        (true, false) => $"at least {layer.Low:G6}",
        (false, true) => $"at most {layer.High:G6}",
        _ => $"from {layer.Low:G6} to {layer.High:G6}",
    };

    private static IEnumerable<string> Notes(IReadOnlyDictionary<string, string> texts)
    {
        var notes = texts.Where(text => text.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToArray();
        if (notes.Length == 0) return [];
        return ["", "notes", .. notes.Select(note => $"  {Excerpt(note.Key[Prefix.Length..])}: {Excerpt(note.Value)}")];
    }

    private static IEnumerable<string> Texts(IReadOnlyDictionary<string, string> texts) =>
        ["", "settings", .. texts.Select(text => $"  {Excerpt(text.Key)}: {Excerpt(text.Value)}")];

    // One line, whatever the file has.
    private static string Excerpt(string text)
    {
        string line = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
        return line.Length <= MostCharacters ? line : line[..MostCharacters] + "...";
    }
}
