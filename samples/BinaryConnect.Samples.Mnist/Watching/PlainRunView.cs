namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>Plain lines: results on one stream, the run itself on another, with its facts at an interval.</summary>
internal sealed class PlainRunView(TextWriter text, TextWriter error, TimeSpan interval) : RunView
{
    protected override TimeSpan Interval => interval;

    public override void WriteLine(string line) => text.WriteLine(line);

    public override void Say(string line) => error.WriteLine(line);

    protected override T WatchCore<T>(Func<T> run) => run();

    protected override void ShowCore(RunFacts facts) => error.WriteLine(facts);
}
