using System.Globalization;
using System.Text;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>
/// Writes epochs as CSV when they end: a row of names, then one row for each epoch. Unknown values are empty.
/// </summary>
internal sealed class EpochLog : IDisposable
{
    private const string Names =
        "epoch,step,learning_rate,training_loss,validation_loss,validation_error,best_epoch,test_loss,test_error,seconds";

    private readonly FileStream? _file;
    private readonly TextWriter _output;

    private EpochLog(FileStream? file, TextWriter output)
    {
        _file = file;
        _output = output;
    }

    /// <summary>Opens or creates a file, and leaves its content until <see cref="Begin"/>.</summary>
    /// <param name="file">A file, the standard output, or null for no log.</param>
    /// <param name="output">The standard output.</param>
    public static EpochLog? For(string? file, TextWriter output) => file switch
    {
        null => null,
        Streams.StandardOutput => new EpochLog(null, output),

        // Without a buffer: bytes that could not be written must not be tried again when the file is closed.
        _ => new EpochLog(new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0), output),
    };

    /// <summary>Clears the log, and writes the epochs before the run was resumed.</summary>
    public void Begin(IReadOnlyList<EpochRow> earlier)
    {
        // A device has no length, and none can be set.
        if (_file is { CanSeek: true, Length: > 0 }) _file.SetLength(0);
        Write(Names);
        foreach (EpochRow row in earlier) Add(row);
    }

    public void Add(EpochRow row) => Write(string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Epoch},{row.Step},{row.LearningRate},{row.TrainingLoss},{row.ValidationLoss},{row.ValidationError},"
        + $"{row.BestEpoch},{row.TestLoss},{row.TestError},{row.Seconds:F3}"));

    public void Dispose() => _file?.Dispose();

    private void Write(string line) => RunFailedException.Guard(() =>
    {
        if (_file is null) _output.Write(line + '\n');
        else _file.Write(Encoding.UTF8.GetBytes(line + '\n'));
    });
}
