using BinaryConnect.Files;
using BinaryConnect.Guards;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>
/// The tensors of a checkpoint. A run must read all of them, or the checkpoint belongs to another run.
/// </summary>
internal sealed class CheckpointTensors(SafetensorsReader file)
{
    // A run that continues from here can be saved again.
    private const long MostCount = Guard.MostCount / 2;

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Reads a tensor of a known shape.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of that name, type and shape.</exception>
    public void Read<T>(string name, ReadOnlySpan<long> shape, Span<T> values)
        where T : unmanaged
    {
        file.Read(name, shape, values);
        _read.Add(name);
    }

    /// <summary>Reads a list of known length.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of that name, type and length.</exception>
    public T[] Read<T>(string name, int length)
        where T : unmanaged
    {
        file.Tensor<T>(name, [length]);
        T[] values = new T[length];
        Read(name, [length], values.AsSpan());
        return values;
    }

    /// <summary>Reads a tensor of a known shape into a new array.</summary>
    /// <exception cref="InvalidDataException">
    /// There is no tensor of that name, type and shape, or it has more values than an array holds.
    /// </exception>
    public T[] ReadBlocks<T>(string name, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        file.Tensor<T>(name, shape);
        if (!Shape.TryCount(shape, out long count) || count > Array.MaxLength)
            throw Fault($"tensor '{name}' has shape {Shape.Text(shape)}; it must have at most {Array.MaxLength:N0} values.");
        var values = new T[count];
        Read(name, shape, values.AsSpan());
        return values;
    }

    /// <summary>Reads a list of any length.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of that name and type.</exception>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        long[] shape = file.Tensor(name).Shape;
        if (shape.Length != 1 || shape[0] > Array.MaxLength)
            throw Fault(
                $"tensor '{name}' has shape {Shape.Text(shape)}; it must be a list of at most {Array.MaxLength:N0} values.");
        return Read<T>(name, (int)shape[0]);
    }

    /// <summary>
    /// Reads a list whose values have a rule; of any length if <paramref name="length"/> is null.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// There is no tensor of that name, type and length, or a value breaks the rule.
    /// </exception>
    public T[] Read<T>(string name, int? length, Func<T, bool> isValid, string rule)
        where T : unmanaged
    {
        T[] values = length is int known ? Read<T>(name, known) : Read<T>(name);
        int index = Array.FindIndex(values, value => !isValid(value));
        return index < 0 ? values : throw Fault($"tensor '{name}' has {values[index]} at {index:N0}; it must be {rule}.");
    }

    /// <summary>Reads a known number of counts, none so large that it could overflow during a run.</summary>
    /// <exception cref="InvalidDataException">
    /// There is no tensor of that name, type and length, or a count is out of range.
    /// </exception>
    public long[] ReadCounts(string name, int length) =>
        Read<long>(name, length, count => count is >= 0 and <= MostCount, $"from 0 to {MostCount:N0}");

    /// <summary>Reads a tensor of known shape whose values are finite, and at least <paramref name="least"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// There is no tensor of that name, type and shape, or a value is out of range.
    /// </exception>
    public void ReadFloats(string name, ReadOnlySpan<long> shape, float[] values, float least)
    {
        file.ReadFinite(name, shape, values, least);
        _read.Add(name);
    }

    /// <summary>Throws if there are tensors that were not read.</summary>
    /// <exception cref="InvalidDataException">There are such tensors; the message names the first.</exception>
    public void CheckAllRead()
    {
        IEnumerable<string> others = file.Tensors.Select(tensor => tensor.Name).Where(name => !_read.Contains(name));
        string? other = others.Min(StringComparer.Ordinal);
        if (other is not null) throw Fault($"it has a tensor '{Excerpt.Of(other)}'; a checkpoint of this run has none.");
    }

    /// <summary>An exception that names the file and a fault of it.</summary>
    public InvalidDataException Fault(string what) => file.Fault(what);
}
