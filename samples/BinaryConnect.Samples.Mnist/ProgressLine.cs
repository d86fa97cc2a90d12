using System.Diagnostics;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Tells on the error stream how far a run is: in one line that is written over, or in a new line now and then.</summary>
internal sealed class ProgressLine
{
    // What a terminal shows where Ctrl-C is pressed.
    private const string Echo = "^C";

    private static readonly TimeSpan RewriteInterval = TimeSpan.FromMilliseconds(50);

    // An interrupt comes on a thread of its own.
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

    /// <summary>Whether the last line is old enough for another.</summary>
    public bool IsDue => Stopwatch.GetElapsedTime(_lastShown) >= _interval;

    /// <summary>A line that is written over on a terminal; elsewhere plain lines so far apart.</summary>
    public static ProgressLine For(TextWriter error, TimeSpan plainInterval)
    {
        bool isTerminal = error == Console.Error && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return isTerminal ? Rewritten(error) : Plain(error, plainInterval);
    }

    /// <summary>A line that is written over.</summary>
    public static ProgressLine Rewritten(TextWriter error) => new(error, rewrites: true, RewriteInterval);

    /// <summary>Plain lines, so far apart.</summary>
    public static ProgressLine Plain(TextWriter error, TimeSpan interval) => new(error, rewrites: false, interval);

    /// <summary>Says that the run ends when the token is cancelled, until the registration is disposed.</summary>
    public CancellationTokenRegistration EndWith(CancellationToken cancellation)
    {
        _end = cancellation;
        return cancellation.Register(SayInterrupted);
    }

    /// <summary>Shows a text, cut where the terminal ends. After an interrupt there is nothing to show.</summary>
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

    /// <summary>Takes a line that is written over away, and what the terminal shows of Ctrl-C.</summary>
    public void Erase()
    {
        lock (_lock)
        {
            if (_end.IsCancellationRequested) SayInterrupted();
            if (_rewrites) _error.Write('\r' + new string(' ', _line.Length + Echo.Length) + '\r');
            _line = "";
        }
    }

    // The line that is there stays, whole, and another one follows. The run may know of the interrupt first.
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
