using BinaryConnect.Files;
using BinaryConnect.Guards;

namespace BinaryConnect.Training;

/// <summary>The tensors of a checkpoint. All that it has must be asked for, or it is none of this run.</summary>
internal sealed class CheckpointTensors(SafetensorsReader file)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Reads a tensor of a known shape.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, type and shape.</exception>
    public void Read<T>(string name, ReadOnlySpan<long> shape, Span<T> values)
        where T : unmanaged
    {
        file.Read(name, shape, values);
        _read.Add(name);
    }

    /// <summary>Reads a list of known length.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, type and length.</exception>
    public T[] Read<T>(string name, int length)
        where T : unmanaged
    {
        file.Tensor<T>(name, [length]);
        T[] values = new T[length];
        Read(name, [length], values.AsSpan());
        return values;
    }

    /// <summary>Reads a list of any length.</summary>
    /// <exception cref="InvalidDataException">There is none of that name and type.</exception>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        long[] shape = file.Tensor(name).Shape;
        if (shape.Length != 1 || shape[0] > Array.MaxLength)
            throw Fault($"tensor '{name}' has shape {Shape.Text(shape)}; it must be a list of at most {Array.MaxLength:N0} values.");
        return Read<T>(name, (int)shape[0]);
    }

    /// <summary>Reads a list of numbers of known length, none of which is negative.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, type and length, or a number is negative.</exception>
    public long[] ReadCounts(string name, int length)
    {
        long[] counts = Read<long>(name, length);
        foreach (long count in counts)
        {
            if (count < 0) throw Fault($"tensor '{name}' has {count:N0}; it must be zero or positive.");
        }

        return counts;
    }

    /// <summary>Throws when there are tensors that nobody asked for.</summary>
    /// <exception cref="InvalidDataException">There are; the message names the first.</exception>
    public void CheckAllRead()
    {
        string? other = file.Tensors.Select(tensor => tensor.Name).Where(
            name => !_read.Contains(name)).Min(StringComparer.Ordinal);
        if (other is not null) throw Fault($"it has a tensor '{Excerpt.Of(other)}'; a checkpoint of this run has none.");
    }

    /// <summary>Says what is wrong with the file.</summary>
    public InvalidDataException Fault(string what) => file.Fault(what);
}
