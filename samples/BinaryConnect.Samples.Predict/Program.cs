using System.Text;
using BinaryConnect.Data;
using BinaryConnect.Inference;

if (args.Length != 2)
    return Refuse("usage: BinaryConnect.Samples.Predict PACKED-MODEL IDX-FILE; it prints one class a line.");
try
{
    var model = PackedModel.Load(args[0]);
    IdxArray images = IdxReader.Read(args[1]);
    int count = images.Values.Length / model.FeatureCount;
    if (images.Dimensions.Count < 2 || images.Dimensions[0] != count || images.Values.Length != count * model.FeatureCount)
    {
        return Refuse(
            $"{args[1]}: its dimensions are {string.Join(" x ", images.Dimensions)}; "
            + $"they must be those of images of {model.FeatureCount:N0} pixels, images first.");
    }

    int[] classes = new int[count];
    model.Predict(images.Values.Span, classes);
    var lines = new StringBuilder();
    foreach (int label in classes) lines.Append(label).Append('\n');
    Console.Write(lines);
    return 0;
}
catch (Exception fault) when (
    fault is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException)
{
    return Refuse(fault.Message);
}

static int Refuse(string fault)
{
    Console.Error.WriteLine(fault.ReplaceLineEndings(" "));
    return 2;
}
