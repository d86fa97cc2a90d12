using System.CommandLine;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The options that several commands have.</summary>
internal static class SharedOptions
{
    private const int DefaultSeed = 1234;

    // A terminal of 80 columns has half of them for the name of an option and of its value.
    private const int MostOfName = 28;

    /// <summary>The folder of MNIST's files without --data.</summary>
    public static string DefaultDataFolder => Path.Combine(AppContext.BaseDirectory, "data", "mnist");

    /// <summary>The option --seed.</summary>
    public static Option<int> Seed(string seeds) => new("--seed")
    {
        Description = $"Seeds {seeds}.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => DefaultSeed,
        CustomParser = result => OptionParsing.Number(result, "--seed", int.MinValue, "a whole number"),
    };

    /// <summary>An option for a value of an enumeration; null if it is not given.</summary>
    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] values = OptionParsing.NamesOf<T>();
        string list = string.Join('|', values);
        bool isShort = list.Length <= MostOfName;
        var option = new Option<T?>(name)
        {
            Description = isShort ? description : $"One of {string.Join(", ", values)}. {description}",
            HelpName = isShort ? list : "NAME",
            CustomParser = result => OptionParsing.Choice<T>(result, name),
        };
        // By default they are the names of the enumeration, which the parser refuses.
        option.CompletionSources.Clear();
        option.CompletionSources.Add(values);
        return option;
    }

    /// <summary>The option --binarizer.</summary>
    public static Option<BinarizerKind?> Binarizer() =>
        Choice<BinarizerKind>("--binarizer", "The binarizer of the weights. [default: deterministic]");

    /// <summary>The option --data.</summary>
    public static Option<string> Data()
    {
        var data = new Option<string>("--data")
        {
            Description = "The folder with MNIST's four files. [default: the files of the sample]",
            HelpName = "FOLDER",
        };
        data.Validators.Add(result => OptionParsing.CheckFolder(result, "--data"));
        return data;
    }

    /// <summary>The option --json.</summary>
    public static Option<string> Json() => FileOrOutput("--json", "Writes the whole report to this file.");

    /// <summary>The option --save.</summary>
    public static Option<string> Save() => File(
        "--save", "Saves the trained model in this file (safetensors), with its latent weights and facts of the run.");

    /// <summary>The option --pack.</summary>
    public static Option<string> Pack() => File(
        "--pack", "Packs the trained model in this file: one bit for each binary weight; it predicts alone.");

    /// <summary>The argument MODEL.</summary>
    public static Argument<string> Model() =>
        InputFile("MODEL", "A model that --save wrote, or a packed one that --pack wrote.");

    /// <summary>An argument that names a file to read.</summary>
    public static Argument<string> InputFile(string name, string description)
    {
        var file = new Argument<string>(name) { Description = description };
        file.Validators.Add(result => OptionParsing.CheckInputFile(result, name));
        return file;
    }

    /// <summary>An option that names a file to write.</summary>
    public static Option<string> File(string name, string description)
    {
        var file = new Option<string>(name) { Description = description, HelpName = "FILE" };
        file.Validators.Add(result => OptionParsing.CheckFile(result, name));
        return file;
    }

    /// <summary>An option that names a file to write, or the standard output.</summary>
    public static Option<string> FileOrOutput(string name, string description)
    {
        var file = new Option<string>(name)
        {
            Description = $"{description} - is the standard output, and the tables go to the error stream.",
            HelpName = "FILE|-",
        };
        file.Validators.Add(result => OptionParsing.CheckFileOrOutput(result, name));
        return file;
    }
}
