namespace BinaryConnect.Samples.Mnist;

/// <summary>Writes a file aside and renames it, so that no half-written file is ever there.</summary>
internal static class WholeFile
{
    /// <summary>Throws where the file could not be written, before a run rather than after it.</summary>
    public static void CheckWritable(string file) => File.Create(Aside(file), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();

    /// <summary>Writes the file, or replaces it.</summary>
    public static void Write(string file, Action<Stream> write)
    {
        using (FileStream stream = File.Create(Aside(file)))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(Aside(file), file, overwrite: true);
    }

    private static string Aside(string file) => file + ".partial";
}
