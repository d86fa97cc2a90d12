using System.Text;
using BinaryConnect.Data;
using BinaryConnect.Files;

namespace BinaryConnect.Inference.Export;

/// <summary>
/// Makes C99 source of a packed model, for machines from microcontrollers on: <c>int NAME_predict(const uint8_t *)</c>,
/// or <c>(const float *)</c>. It needs <c>stdint.h</c> and <c>string.h</c> alone, and no heap. Weights are constant
/// bits.
/// </summary>
/// <remarks>
/// The classes are those of <see cref="PackedModel"/>. Where the model computes in integers, the source does, too: sums
/// of ±bytes and of ±1, bytes between layers, signs, and scores of such sums. A model of bytes has no floating point
/// if it is logistic, or if all its activations are bytes or signs. Other models use <c>float</c>, whose sums may
/// differ in their last bits.
/// </remarks>
public static class CSourceExporter
{
    private const int MostClasses = short.MaxValue;

    /// <summary>Makes the source of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options; null for the default ones.</param>
    /// <returns>The texts of the three files.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or the test data do not fit the model; the message says what is wrong.
    /// </exception>
    public static CSource Create(PackedModel model, CSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new CSourceOptions();
        CInput input = options.Input ?? (model is { InputScale: 1, InputShift: 0 } ? CInput.Floats : CInput.Bytes);
        Check(model, options, input);
        CLayer[] layers = CLayer.Of(model, input);
        var program = new CProgram(layers, options.InnerLoop);
        string name = options.Name;
        return new CSource(
            name,
            CText.Code(name, input, layers, program, options.InnerLoop),
            CText.Header(name, model, input),
            CText.Test(name, CTestVectors.Of(model, input, options.TestData, options.TestVectors)),
            program.WeightBytes,
            program.OtherBytes,
            program.StackBytes,
            program.UsesFloats);
    }

    /// <summary>
    /// Writes NAME.c, NAME.h and NAME_test.c to a folder. All three are written aside before the first takes its place.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder, which must exist.</param>
    /// <param name="options">The options; null for the default ones.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="folder"/> is null or empty, an option is out of range, or the test data do not fit the model.
    /// </exception>
    /// <exception cref="IOException">A file cannot be written; those that were there are as they were.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// A file may not be written; those that were there are as they were.
    /// </exception>
    public static CSource Write(PackedModel model, string folder, CSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        CSource source = Create(model, options);
        string path = Path.Combine(folder, source.Name);
        (string, string)[] files =
            [($"{path}.c", source.Code), ($"{path}.h", source.Header), ($"{path}_test.c", source.Test)];
        Write(files.AsMemory());
        return source;
    }

    // Each file is complete in its temporary file before the next one is begun; the last is renamed first.
    private static void Write(ReadOnlyMemory<(string Path, string Text)> files)
    {
        if (files.IsEmpty) return;
        (string path, string text) = files.Span[0];
        AtomicFile.Write(path, stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            ((FileStream)stream).Flush(flushToDisk: true);
            Write(files[1..]);
        });
    }

    private static void Check(PackedModel model, CSourceOptions options, CInput input)
    {
        options.Validate();
        if (model.ClassCount > MostClasses)
            throw new ArgumentException(
                $"'model' has {model.ClassCount:N0} classes; C source must have at most {MostClasses:N0}.", nameof(model));
        if (options.TestData is not Dataset data) return;
        PackedPrediction.Check(model, data, nameof(options.TestData));
        if (input == CInput.Bytes && !data.HasBytes)
            throw new ArgumentException("'TestData' has floats; for a source that takes bytes it must have bytes.");
    }
}
