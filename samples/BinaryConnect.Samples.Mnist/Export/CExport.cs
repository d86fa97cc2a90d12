using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Export;
using BinaryConnect.Samples.Mnist.Saved;

namespace BinaryConnect.Samples.Mnist.Export;

/// <summary>C source for microcontrollers.</summary>
internal static class CExport
{
    /// <summary>The format.</summary>
    public static ExportFormat Format { get; } = new(
        "c", "C99 source in the folder OUT: NAME.c, NAME.h and NAME_test.c", Check, Write)
    {
        Options = ["--name", "--loop", "--vectors", "--data"],
    };

    private static void Check(ExportArguments arguments)
    {
        OptionsOf(arguments).Validate();
        if (!Directory.Exists(arguments.Out))
            throw new InvalidDataException($"'OUT' is '{arguments.Out}'; with '--to c' it must be a folder that exists.");
        foreach (string ending in new[] { ".c", ".h", "_test.c" })
            WholeFile.CheckReplaceable(Path.Combine(arguments.Out, arguments.Name + ending));
    }

    private static string Write(PackedModel model, ExportArguments arguments)
    {
        CSourceOptions options = OptionsOf(arguments) with { TestData = TestImages(model, arguments.DataFolder) };
        CSource source = CSourceExporter.Write(model, arguments.Out, options);
        return $"{source.WeightBytes:N0} bytes of weights, {source.OtherBytes:N0} bytes of other constants, "
            + $"{source.StackBytes:N0} bytes of arrays on the stack, {(source.UsesFloats ? "with" : "no")} floating point";
    }

    private static CSourceOptions OptionsOf(ExportArguments arguments) =>
        new() { Name = arguments.Name, InnerLoop = arguments.Loop, TestVectors = arguments.Vectors };

    // Test vectors of a model of other inputs are drawn at random.
    private static Dataset? TestImages(PackedModel model, string folder)
    {
        Dataset test = Data.Mnist.Load(folder, scale: model.InputScale, shift: model.InputShift).Test;
        Dataset images = SmallImages.For(model.FeatureCount, test);
        return images.FeatureCount == model.FeatureCount ? images : null;
    }
}
