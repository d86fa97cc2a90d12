using System.Globalization;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>Writes epochs to a CSV file as they end: a row of names, then a row an epoch. What is not known stays empty.</summary>
internal sealed class EpochLog : IDisposable
{
    private const string Names =
        "epoch,step,learning_rate,training_loss,validation_loss,validation_error,best_epoch,test_loss,test_error,seconds";

    private readonly FileStream _stream;
    private readonly StreamWriter _writer;

    /// <summary>Opens the file, or makes it, and leaves what it holds until <see cref="Begin"/>.</summary>
    public EpochLog(string file)
    {
        _stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _writer = new StreamWriter(_stream) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>
    /// Begins anew, with the epochs before a run was resumed. Where the file has such an epoch already, its row is kept: it may know
    /// more than the resumed run.
    /// </summary>
    public void Begin(IReadOnlyList<EpochRow> earlier)
    {
        string[] there = new StreamReader(_stream).ReadToEnd().Split('\n');
        _stream.SetLength(0);
        _writer.WriteLine(Names);
        foreach (EpochRow row in earlier)
        {
            string known = $"{Known(row)},";
            _writer.WriteLine(Array.Find(there, line => line.StartsWith(known, StringComparison.Ordinal)) ?? Text(row));
        }
    }

    public void Add(EpochRow row) => _writer.WriteLine(Text(row));

    public void Dispose() => _writer.Dispose();

    private static string Text(EpochRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{Known(row)},{row.TestLoss},{row.TestError},{row.Seconds:F3}");

    // What a resumed run knows of every epoch.
    private static string Known(EpochRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Epoch},{row.Step},{row.LearningRate},{row.TrainingLoss},{row.ValidationLoss},{row.ValidationError},{row.BestEpoch}");
}
