using BinaryConnect.Guards;

namespace BinaryConnect.Files;

/// <summary>Checks the claims of a header about its tensors against each other and against the data.</summary>
internal static class TensorLayout
{
    /// <summary>
    /// Throws unless each tensor has the size of its type and shape, and all tensors together cover every byte of the
    /// data exactly once.
    /// </summary>
    /// <exception cref="InvalidDataException">They do not; the message starts with <paramref name="file"/>.</exception>
    public static void Check(IReadOnlyCollection<TensorEntry> tensors, long dataLength, string file)
    {
        foreach (TensorEntry tensor in tensors) CheckSize(tensor, file);
        TensorEntry[] sorted = [.. tensors];
        Array.Sort(sorted, Compare);
        long end = 0;
        string before = "";
        foreach (TensorEntry tensor in sorted)
        {
            if (tensor.Begin < end)
                throw Fault(
                    file,
                    tensor,
                    $"begins at byte {tensor.Begin:N0} of the data; tensor '{Excerpt.Of(before)}' ends at {end:N0}, "
                    + "and no two may share a byte.");
            if (tensor.Begin > end)
                throw Fault(
                    file,
                    tensor,
                    $"begins at byte {tensor.Begin:N0} of the data; it must begin at {end:N0}, where the one before it ends.");
            end = tensor.End;
            before = tensor.Name;
        }

        if (end != dataLength)
            throw new InvalidDataException($"{file}: {dataLength:N0} bytes follow its header; its tensors take {end:N0}.");
    }

    private static int Compare(TensorEntry one, TensorEntry other) =>
        one.Begin != other.Begin ? one.Begin.CompareTo(other.Begin) : one.End.CompareTo(other.End);

    private static void CheckSize(TensorEntry tensor, string file)
    {
        if (tensor.End < tensor.Begin)
            throw Fault(
                file,
                tensor,
                $"ends at byte {tensor.End:N0} of the data; it must not end before it begins, at {tensor.Begin:N0}.");
        if (!Shape.TryCountBytes(tensor.Shape, tensor.Type.Size, out long length))
            throw Fault(file, tensor, $"has {Claim(tensor)}; its size must be at most {long.MaxValue:N0} bytes.");
        if (tensor.End - tensor.Begin != length)
            throw Fault(file, tensor, $"has {tensor.End - tensor.Begin:N0} bytes; its {Claim(tensor)} takes {length:N0}.");
    }

    private static string Claim(TensorEntry tensor) => $"shape {Shape.Text(tensor.Shape)} of {tensor.Type.Name}";

    private static InvalidDataException Fault(string file, TensorEntry tensor, string what) =>
        new($"{file}: tensor '{Excerpt.Of(tensor.Name)}' {what}");
}
