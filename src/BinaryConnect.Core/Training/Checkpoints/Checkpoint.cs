using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Settings;
using BinaryConnect.Training.Runs;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>
/// The file from which a run can continue: a safetensors file. Its tensors are the state of the run, and its metadata
/// are the settings. It is replaced as a whole, and read as a whole before anything takes effect.
/// </summary>
internal sealed class Checkpoint
{
    private const string Format = CheckpointFormat.Name, Version = CheckpointFormat.Version, OldVersion = "1";
    private const string FormatName = "format", VersionName = "version";
    private const string WriterName = "written_by", ProcessorName = "processor";
    private const string ModelPrefix = CheckpointFormat.Model, BestPrefix = CheckpointFormat.Best;
    private const string SamplerPosition = "sampler.position";

    private readonly RunState _run;
    private readonly string _path;
    private readonly CheckpointSettings _settings;

    // The kernels in the file that was read; null if none was.
    private string? _processor;

    /// <summary>Collects the settings of the run.</summary>
    /// <exception cref="ArgumentException">
    /// A user's object describes itself wrongly, or names or sizes fit no file.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A user's object has a state that no file can restore.
    /// </exception>
    public Checkpoint(RunState run, string path)
    {
        _run = run;
        _path = path;
        OwnState.Of(run);
        _settings = new CheckpointSettings(run);

        // Names that no file can have are found now, not at the first write.
        Content();
    }

    /// <summary>
    /// Throws if no checkpoint of a model could be written. It creates a temporary file in the folder and removes it.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// There is no folder for the file, or two tensors would have one name.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Check(IModel model, string path)
    {
        CheckPath(path);
        CheckNames(model.Parameters.Select(parameter => parameter.Name), "parameters");
        CheckNames(model.Statistics.Select(statistic => statistic.Name), "statistics");
    }

    /// <summary>Replaces the file by the current state of the run.</summary>
    /// <exception cref="IOException">It cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written, and is as it was.</exception>
    /// <exception cref="InvalidOperationException">
    /// A user's object has a state that no file can restore.
    /// </exception>
    public void Write() => AtomicFile.Write(_path, Content().WriteTo);

    /// <summary>Restores the run to the state in the file.</summary>
    /// <exception cref="InvalidDataException">It is not a checkpoint, or damaged; nothing was changed.</exception>
    /// <exception cref="ArgumentException">
    /// It is of a different run, or has taken more steps than the options allow; nothing was changed.
    /// </exception>
    /// <exception cref="IOException">It cannot be read, or does not exist.</exception>
    public void Read()
    {
        using SafetensorsReader file = SafetensorsReader.Open(_path, requireChecksum: true);
        _settings.Check(SettingsIn(file), _path);
        var tensors = new CheckpointTensors(file);

        // Report and copies belong to this run: filling them has no effect yet.
        ReportTensors.Read(tensors, _run.Report, _run.Evaluation?.Count ?? 0, _run.Model.ClassCount);
        CheckEndIsAhead(_run.Report.Steps.Count);
        var model = new ModelCopy(_run.Model, _run.KeepsEffective);
        model.ReadFrom(tensors, ModelPrefix);
        if (_run.Best is not null && _run.Report.BestEvaluation is not null) _run.Best.ReadFrom(tensors, BestPrefix);
        OptimizerState[] states = OptimizerTensors.Read(tensors, _run.Options.Optimizer, _run.Model.Parameters);
        (int Epoch, int Row) position = ReadPosition(tensors);
        _run.CheckBatchesLast(position, _run.Report.Steps.Count);
        OwnState own = OwnState.Read(tensors, _run);
        tensors.CheckAllRead();

        // This part comes first, since only it may be refused.
        own.Restore(_run, tensors);
        model.Restore();
        OptimizerTensors.Restore(states, _run.Options.Optimizer, _run.Model.Parameters);
        _run.Sampler.Position = position;
        _processor = file.Metadata.GetValueOrDefault(ProcessorName, "unknown");
    }

    /// <summary>
    /// Logs a warning for each object whose settings cannot be compared, and one if the file was written with other
    /// kernels.
    /// </summary>
    public void LogWarnings(ILogger logger)
    {
        foreach ((string key, string kind) in _settings.Uncompared) Log.SettingsNotCompared(logger, key, kind);
        if (_processor is not null && _processor != CpuTuning.Kernels)
            Log.OtherProcessor(logger, Excerpt.Of(_processor), CpuTuning.Kernels);
    }

    private SafetensorsWriter Content()
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata(FormatName, Format);
        writer.AddMetadata(VersionName, Version);
        writer.AddMetadata(WriterName, LibraryVersion.Text);
        writer.AddMetadata(ProcessorName, CpuTuning.Kernels);
        foreach ((string name, string text) in _settings.Texts) writer.AddMetadata(name, text);

        ModelCopy.AddTo(writer, ModelPrefix, _run.Model, _run.KeepsEffective);
        if (_run.Best is { IsKept: true } best) best.AddTo(writer, BestPrefix);
        OptimizerTensors.AddTo(writer, _run.Options.Optimizer, _run.Model.Parameters);
        ReportTensors.AddTo(writer, _run.Report, _run.Model.ClassCount);
        (int epoch, int row) = _run.Sampler.Position;
        writer.Add<int>(SamplerPosition, [2], new[] { epoch, row });
        OwnState.Of(_run).AddTo(writer);
        return writer;
    }

    private static void CheckPath(string path)
    {
        string start = $"'CheckpointPath' is '{path}'";
        try
        {
            string file = LinkedPath.Resolve(path), folder = Path.GetDirectoryName(file) ?? file;
            if (!Directory.Exists(folder))
                throw new ArgumentException($"{start}, and there is no folder '{folder}'; it must exist.");
            if (Directory.Exists(file)) throw new ArgumentException($"{start}, which is a folder; it must name a file.");
            AtomicFile.CheckWritable(path);
        }
        catch (IOException fault)
        {
            throw new IOException($"{start}, which cannot be written. {fault.Message}", fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new UnauthorizedAccessException($"{start}, which may not be written. {fault.Message}", fault);
        }
    }

    private static void CheckNames(IEnumerable<string> names, string what)
    {
        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException(
                $"The model has two {what} named '{twice}'; for a checkpoint each must have a name of its own.");
    }

    private static Dictionary<string, string> SettingsIn(SafetensorsReader file)
    {
        var settings = new Dictionary<string, string>(file.Metadata, StringComparer.Ordinal);
        settings.Remove(Checksum.Name);
        if (!settings.Remove(FormatName, out string? format))
            throw file.Fault($"its metadata has no '{FormatName}'; that of a checkpoint has '{Format}'.");
        if (format != Format) throw file.Fault($"its format is '{Excerpt.Of(format)}'; it must be '{Format}'.");
        settings.Remove(VersionName, out string? version);
        settings.Remove(WriterName, out string? writer);
        settings.Remove(ProcessorName);
        if (version == OldVersion) writer = "BinaryConnect.Core 0.1.0-rc.1";
        if (version != Version)
        {
            string by = writer is null ? "" : $", written by {Excerpt.Of(writer)}";
            throw file.Fault(
                $"it is a checkpoint of version '{Excerpt.Of(version ?? "")}'{by}; it must be of version '{Version}'.");
        }

        return settings;
    }

    // A run may also end where the file was written, if the file has the evaluation that this run would make there.
    private void CheckEndIsAhead(int done)
    {
        bool isAtEnd = done == _run.TotalSteps && (_run.Evaluation is null || _run.Report.FinalEvaluation?.Step == done);
        if (done >= _run.TotalSteps && !isAtEnd)
            throw new ArgumentException(
                $"{_path}: it was saved after step {done:N0}; "
                + $"'MaxSteps' and 'MaxEpochs' give {_run.TotalSteps:N0} steps; they must give more.");
    }

    private (int Epoch, int Row) ReadPosition(CheckpointTensors tensors)
    {
        int[] values = tensors.Read<int>(SamplerPosition, 2);
        (int Epoch, int Row) position = (values[0], values[1]);
        if (!_run.Sampler.Has(position))
            throw tensors.Fault(
                $"tensor '{SamplerPosition}' is epoch {position.Epoch:N0}, row {position.Row:N0}; "
                + "the sampler must have such a place.");
        return position;
    }
}
