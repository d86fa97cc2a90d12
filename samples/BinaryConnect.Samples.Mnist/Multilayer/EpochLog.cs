using System.Globalization;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>Writes epochs to a CSV file as they end: a row of names, then a row an epoch.</summary>
internal sealed class EpochLog : IDisposable
{
    private const string Names =
        "epoch,step,seconds,learning_rate,training_loss,validation_loss,validation_error,best_epoch,test_loss,test_error";

    private readonly StreamWriter _file;

    /// <summary>Opens the file, empty but for the names.</summary>
    public EpochLog(string file)
    {
        _file = new StreamWriter(file) { AutoFlush = true, NewLine = "\n" };
        _file.WriteLine(Names);
    }

    public void Add(EpochRow row) => _file.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Epoch},{row.Step},{row.Seconds:F3},{row.LearningRate},{row.TrainingLoss},{row.ValidationLoss},{row.ValidationError},{row.BestEpoch},{row.TestLoss},{row.TestError}"));

    public void Dispose() => _file.Dispose();
}
