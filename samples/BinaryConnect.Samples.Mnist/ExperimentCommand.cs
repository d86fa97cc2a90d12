using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BinaryConnect.Samples.Experiments;
using BinaryConnect.Samples.Experiments.Networks;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Samples.Mnist.Multilayer;
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
        Description = "The seeds of the runs, separated by commas. Each gives a run. [default: 1 for networks, 1,2,3,4,5 else]",
        HelpName = "NUMBERS",
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

    private readonly Option<int?> _epochs = new("--epochs")
    {
        Description = "Epochs of a network's run; the learning rate falls over all of them. [default: the experiment's]",
        HelpName = "NUMBER",
        CustomParser = result => OptionParsing.Number(result, "--epochs", 1, "a whole number of at least 1"),
    };

    private readonly Option<IReadOnlyList<int>?> _hidden = new("--hidden")
    {
        Description = "Units of a network's hidden layers, such as 1024x3. [default: the experiment's]",
        HelpName = "UNITS",
        CustomParser = result => MultilayerOptions.HiddenUnits(result, "--hidden"),
    };

    private readonly Option<string?> _runs = new("--runs")
    {
        Description = "The folder that keeps checkpoints of networks: a next experiment on the same runs trains nothing.",
        HelpName = "FOLDER",
    };

    private readonly Option<string[]> _from = new("--from")
    {
        Description = "A trained run, in place of training; repeat it for more. A checkpoint or a saved model for features "
            + "and histogram; the log of 'mlp --csv', or its checkpoint, for curves.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
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
        _runs.Validators.Add(result => OptionParsing.CheckFolder(result, "--runs"));
        foreach (Option option in new Option[] { _out, _data, _seeds, _steps, _epochs, _hidden, _runs, _from })
            Options.Add(option);
        Validators.Add(OptionParsing.CheckPlace);
        Validators.Add(CheckOptions);
        SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(_name) is not string name)
            {
                List(output);
                return Task.FromResult(ExitCode.Done);
            }

            IExperiment experiment = ExperimentList.Find(name)!;
            string[] files = parsed.GetValue(_from) ?? [];
            string folder = parsed.GetValue(_out) ?? Path.Combine("artifacts", name);
            var settings = new ExperimentSettings
            {
                MnistFolder = SharedOptions.DefaultDataFolder,
                GivenFolder = parsed.GetValue(_data),
                Seeds = files.Length > 0 ? [] : parsed.GetResult(_seeds) is null ? experiment.Seeds : parsed.GetValue(_seeds)!,
                Steps = parsed.GetValue(_steps),
                Network = new NetworkSettings
                {
                    HiddenUnits = parsed.GetValue(_hidden),
                    Epochs = parsed.GetValue(_epochs),
                    RunFolder = parsed.GetValue(_runs),
                    Files = files,
                },
                Cancellation = cancellation,
            };
            return CommandLine.RunJob(() => Run(experiment, settings, folder, output, error), error);
        });
    }

    // Refuses options that would have no effect.
    private void CheckOptions(CommandResult result)
    {
        if (result.GetResult(_name) is not { Tokens: [{ Value: var name }] } || ExperimentList.Find(name) is not { } experiment)
            return;
        bool hasFiles = result.GetResult(_from) is not null;
        foreach (Option option in new Option[] { _epochs, _hidden, _runs, _from })
        {
            if (result.GetResult(option) is null || experiment.Options.Contains(option.Name)) continue;
            IEnumerable<string> takers =
                ExperimentList.All.Where(other => other.Options.Contains(option.Name)).Select(other => other.Name);
            result.AddError($"'{option.Name}' has no effect on '{name}'; it must go with {string.Join(" or ", takers)}.");
        }

        foreach (Option option in new Option[] { _seeds, _steps, _epochs, _hidden, _runs })
        {
            if (hasFiles && result.GetResult(option) is { Implicit: false })
                result.AddError($"'{option.Name}' is given with '--from'; it must go with runs that are trained.");
        }

        if (result.GetResult(_runs) is not null && result.GetResult(_steps) is not null)
            result.AddError("'--runs' is given with '--steps'; kept runs must be whole.");
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
                settings.Cancellation.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException)
            {
                string kept = settings.Network.RunFolder is string runs ? $" Its runs are kept in {runs}." : "";
                error.WriteLine($"The experiment was interrupted, and wrote nothing to {folder}.{kept}");
                return StopReason.Cancelled;
            }
        }

        RunFailedException.Guard(() => ReportFolder.Write(folder, experiment, settings, report));
        TableText.WriteWrapped(output, experiment.Question, indent: "");
        output.WriteLine();
        TableText.Write(output, report);
        output.WriteLine();
        output.WriteLine($"Written: {Path.Combine(folder, ReportFolder.Page)}");
        return settings.Cancellation.IsCancellationRequested ? StopReason.Cancelled : StopReason.Completed;
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
