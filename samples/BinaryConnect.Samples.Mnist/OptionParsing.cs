using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Reads the values of options; an invalid value becomes an error of one line.</summary>
internal static class OptionParsing
{
    /// <summary>Reads a whole number of at least <paramref name="minimum"/>.</summary>
    public static int Number(ArgumentResult result, string option, int minimum, string expected)
    {
        string text = result.Tokens[0].Value;
        bool isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number);
        if (isNumber && number >= minimum) return number;
        result.AddError($"'{option}' is '{text}'; it must be {expected}.");
        return 0;
    }

    /// <summary>Reads a value of an enumeration by its <see cref="NameOf"/>.</summary>
    public static T Choice<T>(ArgumentResult result, string option)
        where T : struct, Enum
    {
        string text = result.Tokens[0].Value;
        string[] names = NamesOf<T>();
        int index = Array.IndexOf(names, text);
        if (index >= 0) return Enum.GetValues<T>()[index];
        result.AddError($"'{option}' is '{text}'; it must be {string.Join(", ", names[..^1])} or {names[^1]}.");
        return default;
    }

    /// <summary>The names of an enumeration's values on the command line, in their order.</summary>
    public static string[] NamesOf<T>()
        where T : struct, Enum => Array.ConvertAll(Enum.GetValues<T>(), NameOf);

    /// <summary>The name of a value on the command line: "later-code" for LaterCode.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Refuses a blank folder.</summary>
    public static void CheckFolder(OptionResult result, string option)
    {
        if (result.Tokens is [{ Value: var text }] && string.IsNullOrWhiteSpace(text))
            result.AddError($"'{option}' is '{text}'; it must be a folder.");
    }

    /// <summary>
    /// Refuses options of the main command before a subcommand, where they can be written and have no effect.
    /// </summary>
    public static void CheckPlace(CommandResult result)
    {
        if (result.Parent is not CommandResult root) return;
        string name = result.Command.Name;
        foreach (OptionResult option in root.Children.OfType<OptionResult>().Where(option => !option.Implicit))
            result.AddError($"'{option.Option.Name}' stands before '{name}'; it must stand after it.");
    }

    /// <summary>The fault of two options that name the same file to write; null if there is none.</summary>
    public static string? FaultOfFiles(params ReadOnlySpan<(string Option, string? File)> files)
    {
        for (int i = 0; i < files.Length; i++)
        {
            if (files[i].File is not string file || file == Streams.StandardOutput) continue;
            foreach ((string option, string? other) in files[..i])
            {
                if (other is not (null or Streams.StandardOutput) && Path.GetFullPath(other) == Path.GetFullPath(file))
                    return $"'{option}' and '{files[i].Option}' are both '{file}'; each must have a file of its own.";
            }
        }

        return null;
    }

    /// <summary>Refuses a value that is neither a file to write nor the standard output.</summary>
    public static void CheckFileOrOutput(OptionResult result, string option)
    {
        if (result.Tokens is not [{ Value: Streams.StandardOutput }]) CheckFile(result, option);
    }

    /// <summary>
    /// Refuses a value that cannot be a file to write: blank, a folder, or in a folder that does not exist.
    /// </summary>
    public static void CheckFile(SymbolResult result, string option)
    {
        if (result.Tokens is not [{ Value: var file }]) return;
        if (file == Streams.StandardOutput)
        {
            result.AddError($"'{option}' is '{file}', the standard output; it must be a file.");
            return;
        }

        if (string.IsNullOrWhiteSpace(file))
        {
            result.AddError($"'{option}' is '{file}'; it must be a file.");
            return;
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(file));
        if (Directory.Exists(file)) result.AddError($"'{option}' is '{file}', a folder; it must be a file.");
        else if (!Directory.Exists(folder)) result.AddError($"'{option}' is '{file}'; its folder '{folder}' does not exist.");
    }

    /// <summary>Refuses a value that cannot be a file to read: blank, missing, or a folder.</summary>
    public static void CheckInputFile(ArgumentResult result, string argument)
    {
        if (result.Tokens is not [{ Value: var file }]) return;
        if (string.IsNullOrWhiteSpace(file)) result.AddError($"'{argument}' is '{file}'; it must be a file.");
        else if (Directory.Exists(file)) result.AddError($"'{argument}' is '{file}', a folder; it must be a file.");
        else if (!File.Exists(file)) result.AddError($"'{argument}' is '{file}', which does not exist; it must be a file.");
    }
}
