using System.Diagnostics;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Tells on the error stream how far a run is: in one line that is written over, or in a new line now and then.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan RewriteInterval = TimeSpan.FromMilliseconds(50);

    private readonly TextWriter _error;
    private readonly bool _rewrites;
    private readonly TimeSpan _interval;
    private long _lastShown;
    private int _width;

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

    /// <summary>Shows a text, cut where the terminal ends.</summary>
    public void Show(string text)
    {
        _lastShown = Stopwatch.GetTimestamp();
        if (!_rewrites)
        {
            _error.WriteLine(text);
            return;
        }

        string line = text[..Math.Min(text.Length, RoomOf(_error))];
        _error.Write('\r' + line.PadRight(_width));
        _width = line.Length;
    }

    /// <summary>Takes a line that is written over away.</summary>
    public void Erase()
    {
        if (_width > 0) _error.Write('\r' + new string(' ', _width) + '\r');
        _width = 0;
    }

    private static int RoomOf(TextWriter error) => error == Console.Error && Console.WindowWidth > 1 ? Console.WindowWidth - 1 : int.MaxValue;
}
