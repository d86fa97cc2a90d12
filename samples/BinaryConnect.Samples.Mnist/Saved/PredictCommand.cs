using System.CommandLine;
using System.Globalization;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>The command predict: the class of each image of a file.</summary>
internal sealed class PredictCommand : Command
{
    private const int Block = 1_000;

    private readonly Argument<string> _model = SharedOptions.Model();
    private readonly Argument<string> _images = SharedOptions.InputFile(
        "FILE",
        "Images in the IDX format, packed by gzip or not, or one PNG or PGM. As in MNIST a digit is white on black, and "
        + "about 20 of 28 pixels high. A larger PNG or PGM, which must be square, is scaled down to 28 x 28; colours become "
        + "grey.");

    public PredictCommand(TextWriter output, TextWriter error)
        : base("predict", "Classifies images by a model that --save or --pack wrote: one class a line.")
    {
        Arguments.Add(_model);
        Arguments.Add(_images);
        Validators.Add(OptionParsing.CheckPlace);
        SetAction((parsed, cancellation) =>
        {
            string model = parsed.GetValue(_model)!, images = parsed.GetValue(_images)!;
            return CommandLine.RunJob(() => Run(model, images, output, cancellation), error);
        });
    }

    private static StopReason Run(string path, string file, TextWriter output, CancellationToken cancellation)
    {
        var model = SavedModel.Open(path);
        (ReadOnlyMemory<byte> read, int pixelsOfImage) = ImageFile.Read(file);
        (ReadOnlyMemory<byte> pixels, int features) = SmallImages.For(model.FeatureCount, read, pixelsOfImage);
        model.CheckFits(path, features, $"The images of '{file}'");
        int[] classes = new int[Block];
        for (int begin = 0, count = pixels.Length / features; begin < count; begin += Block)
        {
            if (cancellation.IsCancellationRequested) return StopReason.Cancelled;
            int rows = Math.Min(Block, count - begin);
            model.Predict(pixels.Span.Slice(begin * features, rows * features), classes.AsSpan(0, rows));
            string lines = string.Concat(
                classes.Take(rows).Select(label => label.ToString(CultureInfo.InvariantCulture) + Environment.NewLine));
            RunFailedException.Guard(() => output.Write(lines));
        }

        return StopReason.Completed;
    }
}
