using System.CommandLine;
using System.Globalization;
using BinaryConnect.Samples.Experiments;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The command that runs an experiment, or lists them.</summary>
internal sealed class ExperimentCommand : Command
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The experiment. Without it all are listed.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "The folder of tables, pictures and report.md. [default: artifacts/NAME]",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The folder with the four files of the data. [default: MNIST's files of the sample; for fashion Debian's]",
        HelpName = "FOLDER",
    };

    private readonly Option<int[]> _seeds = new("--seeds")
    {
        Description = "The seeds of the runs, separated by commas. Each gives a run.",
        HelpName = "NUMBERS",
        DefaultValueFactory = _ => [1, 2, 3, 4, 5],
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string[] parts = text.Split(',');
            var seeds = new int[parts.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                if (int.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seeds[i])) continue;
                result.AddError($"'--seeds' is '{text}'; it must be whole numbers with commas between them, such as 1,2,3.");
                return [];
            }

            return seeds;
        },
    };

    private readonly Option<int?> _steps = new("--steps")
    {
        Description = "Steps of a run at the most, for a short try. [default: the experiment's]",
        HelpName = "NUMBER",
        CustomParser = result => OptionParsing.Number(result, "--steps", 1, "a whole number of at least 1"),
    };

    public ExperimentCommand(TextWriter output, TextWriter error)
        : base("experiment", "Answers a question by runs, and writes tables, pictures and a report.")
    {
        _name.CompletionSources.Add([.. ExperimentList.Names]);
        _name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && ExperimentList.Find(name) is null)
                result.AddError($"'NAME' is '{name}'; it must be one of {string.Join(", ", ExperimentList.Names)}.");
        });
        _out.Validators.Add(result => OptionParsing.CheckFolder(result, "--out"));
        _data.Validators.Add(result => OptionParsing.CheckFolder(result, "--data"));
        Arguments.Add(_name);
        foreach (Option option in new Option[] { _out, _data, _seeds, _steps }) Options.Add(option);
        Validators.Add(OptionParsing.CheckPlace);
        SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(_name) is not string name)
            {
                List(output);
                return Task.FromResult(ExitCode.Done);
            }

            string folder = parsed.GetValue(_out) ?? Path.Combine("artifacts", name);
            var settings = new ExperimentSettings
            {
                MnistFolder = SharedOptions.DefaultDataFolder,
                GivenFolder = parsed.GetValue(_data),
                Seeds = parsed.GetValue(_seeds)!,
                Steps = parsed.GetValue(_steps),
                Cancellation = cancellation,
            };
            return CommandLine.RunJob(() => Run(ExperimentList.Find(name)!, settings, folder, output, error), error);
        });
    }

    private static void List(TextWriter output)
    {
        output.WriteLine("The experiments, each with its question:");
        output.WriteLine();
        int width = ExperimentList.Names.Max(name => name.Length);
        foreach (IExperiment experiment in ExperimentList.All)
            TableText.WriteWrapped(output, experiment.Question, indent: $"  {experiment.Name.PadRight(width)}  ");
    }

    private static StopReason Run(
        IExperiment experiment, ExperimentSettings settings, string folder, TextWriter output, TextWriter error)
    {
        ReportFolder.CheckWritable(folder);
        var view = RunView.For(Streams.For(output, error));
        Report report;
        using (view.EndWith(settings.Cancellation))
        {
            try
            {
                report = view.Watch(() => experiment.Run(settings with { Progress = new DueLines(view) }));
            }
            catch (OperationCanceledException)
            {
                error.WriteLine($"The experiment was interrupted, and wrote nothing to {folder}.");
                return StopReason.Cancelled;
            }
        }

        RunFailedException.Guard(() => ReportFolder.Write(folder, experiment, settings, report));
        TableText.WriteWrapped(output, experiment.Question, indent: "");
        output.WriteLine();
        TableText.Write(output, report);
        output.WriteLine();
        output.WriteLine($"Written: {Path.Combine(folder, ReportFolder.Page)}");
        return StopReason.Completed;
    }

    private sealed class DueLines(RunView view) : IProgress<string>
    {
        private bool _hasShown;

        // The first line shows that the experiment is at work, however long the interval is.
        public void Report(string value)
        {
            if (_hasShown && !view.IsDue) return;
            _hasShown = true;
            view.Show(new RunFacts(value));
        }
    }
}
