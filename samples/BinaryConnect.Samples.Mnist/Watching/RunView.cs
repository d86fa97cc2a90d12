using System.Diagnostics;

namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>Shows a run while it goes on: a live view on a terminal, plain lines elsewhere.</summary>
internal abstract class RunView
{
    private readonly Lock _lock = new();
    private long _lastShown = Stopwatch.GetTimestamp();
    private CancellationToken _end;
    private bool _isInterrupted;

    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(30);

    /// <summary>The view of a job with these streams.</summary>
    public static RunView For(Streams streams) => Terminal.Has(streams.Text)
        ? new LiveRunView(Terminal.Live(streams.Text))
        : new PlainRunView(streams.Text, streams.Error, PlainInterval);

    /// <summary>Whether <see cref="Show"/> is worth its time: a few times a second, or less.</summary>
    public bool IsDue => Stopwatch.GetElapsedTime(_lastShown) >= Interval;

    /// <summary>The time between two updates.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>Says that the run ends when the token is cancelled, until the registration is disposed.</summary>
    public CancellationTokenRegistration EndWith(CancellationToken cancellation)
    {
        _end = cancellation;
        return cancellation.Register(SayInterrupted);
    }

    /// <summary>Runs a training, or another job, and shows its facts until it ends.</summary>
    public T Watch<T>(Func<T> run)
    {
        try
        {
            return WatchCore(run);
        }
        finally
        {
            // The run may notice the interrupt before the registered callback runs.
            if (_end.IsCancellationRequested) SayInterrupted();
        }
    }

    /// <summary>Shows these facts in place of the last ones.</summary>
    public void Show(RunFacts facts)
    {
        _lastShown = Stopwatch.GetTimestamp();
        ShowCore(facts);
    }

    /// <summary>Writes a line of results.</summary>
    public abstract void WriteLine(string line);

    /// <summary>Writes a line about the run itself, such as a warning.</summary>
    public abstract void Say(string line);

    protected abstract T WatchCore<T>(Func<T> run);

    protected abstract void ShowCore(RunFacts facts);

    // The interrupt comes on another thread.
    private void SayInterrupted()
    {
        lock (_lock)
        {
            if (_isInterrupted) return;
            _isInterrupted = true;
            Say("Interrupted: the run ends after this step. Another interrupt ends it at once.");
        }
    }
}
