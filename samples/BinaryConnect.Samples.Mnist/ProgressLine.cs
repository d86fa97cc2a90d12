using System.Diagnostics;

namespace BinaryConnect.Samples.Mnist;

/// <summary>
/// Shows the progress of a run on the error stream: in one line that is overwritten, or in new lines at an interval.
/// </summary>
internal sealed class ProgressLine
{
    // The text that a terminal shows for Ctrl-C.
    private const string Echo = "^C";

    private static readonly TimeSpan RewriteInterval = TimeSpan.FromMilliseconds(50);

    // An interrupt comes on another thread.
    private readonly Lock _lock = new();
    private readonly TextWriter _error;
    private readonly bool _rewrites;
    private readonly TimeSpan _interval;
    private long _lastShown;
    private string _line = "";
    private CancellationToken _end;
    private bool _isInterrupted;

    private ProgressLine(TextWriter error, bool rewrites, TimeSpan interval)
    {
        _error = error;
        _rewrites = rewrites;
        _interval = interval;
        _lastShown = rewrites ? 0 : Stopwatch.GetTimestamp();
    }

    /// <summary>Whether the interval has passed since the last line.</summary>
    public bool IsDue => Stopwatch.GetElapsedTime(_lastShown) >= _interval;

    /// <summary>An overwritten line on a terminal; elsewhere plain lines at the given interval.</summary>
    public static ProgressLine For(TextWriter error, TimeSpan plainInterval)
    {
        bool isConsole = error == Console.Error && !Console.IsErrorRedirected;
        bool isTerminal = isConsole && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return isTerminal ? Rewritten(error) : Plain(error, plainInterval);
    }

    /// <summary>A line that is overwritten.</summary>
    public static ProgressLine Rewritten(TextWriter error) => new(error, rewrites: true, RewriteInterval);

    /// <summary>Plain lines at an interval.</summary>
    public static ProgressLine Plain(TextWriter error, TimeSpan interval) => new(error, rewrites: false, interval);

    /// <summary>Prints that the run ends when the token is cancelled, until the registration is disposed.</summary>
    public CancellationTokenRegistration EndWith(CancellationToken cancellation)
    {
        _end = cancellation;
        return cancellation.Register(SayInterrupted);
    }

    /// <summary>Shows a text, cut to the width of the terminal. After an interrupt it shows nothing.</summary>
    public void Show(string text)
    {
        lock (_lock)
        {
            if (_end.IsCancellationRequested)
            {
                SayInterrupted();
                return;
            }

            _lastShown = Stopwatch.GetTimestamp();
            if (!_rewrites)
            {
                _error.WriteLine(text);
                return;
            }

            string line = text[..Math.Min(text.Length, RoomOf(_error))];
            string clean = _line.Length + Echo.Length > line.Length ? '\r' + new string(' ', _line.Length + Echo.Length) : "";
            _error.Write($"{clean}\r{line}");
            _line = line;
        }
    }

    /// <summary>Erases an overwritten line, and the terminal's text for Ctrl-C.</summary>
    public void Erase()
    {
        lock (_lock)
        {
            if (_end.IsCancellationRequested) SayInterrupted();
            if (_rewrites) _error.Write('\r' + new string(' ', _line.Length + Echo.Length) + '\r');
            _line = "";
        }
    }

    // The current line stays, and a new one follows. The run may notice the interrupt before the registered callback
    // runs.
    private void SayInterrupted()
    {
        lock (_lock)
        {
            if (_isInterrupted) return;
            _isInterrupted = true;
            if (_line.Length > 0) _error.WriteLine('\r' + _line + new string(' ', Echo.Length));
            else if (_rewrites) _error.Write('\r');
            _line = "";
            _error.WriteLine("Interrupted: the run ends after this step. Another interrupt ends it at once.");
        }
    }

    private static int RoomOf(TextWriter error) =>
        error == Console.Error && Console.WindowWidth > Echo.Length + 1 ? Console.WindowWidth - Echo.Length - 1 : int.MaxValue;
}
