using Spectre.Console;
using Spectre.Console.Rendering;

namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>
/// A progress bar and the facts of a run, below the lines that stay. A thread of the console draws them; a step only
/// leaves its facts, ten times a second.
/// </summary>
internal sealed class LiveRunView(IAnsiConsole console) : RunView
{
    private const int BarWidth = 30;

    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(250);

    private volatile RunFacts? _facts;
    private ProgressTask? _task;

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(100);

    // The line covers the bar that was there.
    public override void WriteLine(string line) => console.WriteLine(line.PadRight(console.Profile.Width - 1));

    public override void Say(string line) => WriteLine(line);

    protected override T WatchCore<T>(Func<T> run)
    {
        Progress progress = console.Progress()
            .AutoClear(true)
            .ExcludeVerticalPadding()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = BarWidth },
                new PercentageColumn(),
                new TimeLeftColumn(this))
            .UseRenderHook((bar, _) => Draw(bar));
        progress.RefreshRate = DrawInterval;
        return progress.Start(context =>
        {
            _facts = null;
            _task = context.AddTask("begins", maxValue: 1);
            return run();
        });
    }

    protected override void ShowCore(RunFacts facts)
    {
        _facts = facts;
        if (_task is null) return;
        _task.Description = Markup.Escape(facts.Place);
        _task.Value = facts.Figures?.Share ?? 0;
    }

    private IRenderable Draw(IRenderable bar) => _facts switch
    {
        null => Text.Empty,
        { Figures: null } facts => new Text(facts.Place),
        { Figures: var figures } => new Padder(new Rows(bar, new Text(figures.Pace), Accuracy(figures)), new Padding(0, 1, 0, 0)),
    };

    private Markup Accuracy(RunFacts.Training figures)
    {
        string line = Sparkline.Of(figures.Accuracies, BarWidth, console.Profile.Capabilities.Unicode);
        return new Markup($"{Markup.Escape(figures.Accuracy)}  [green]{Markup.Escape(line)}[/]");
    }

    private sealed class TimeLeftColumn(LiveRunView view) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(view._facts?.Figures is { } figures ? $"{RunFacts.Clock(figures.Left)} left" : "");
    }
}
