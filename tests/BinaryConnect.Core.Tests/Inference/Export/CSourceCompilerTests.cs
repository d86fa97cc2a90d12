using System.Text;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Export;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Inference.Export;

/// <summary>C source gives all images of MNIST's test set the classes of the library.</summary>
internal sealed class CSourceCompilerTests
{
    // Prints the class of each row of the file images.
    private const string Program = """
        #include <stdio.h>
        #include "digits.h"
        int main(void)
        {
            static VALUE x[DIGITS_INPUTS];
            FILE *images = fopen("images", "rb");
            if (images == NULL || digits_test() != 0) return 1;
            while (fread(x, sizeof x, 1, images) == 1) printf("%d\n", digits_predict(x));
            return fclose(images);
        }

        """;

    private static readonly Dictionary<string, (string Program, string Packages, string[] Options)> Compilers = new()
    {
        ["gcc"] = ("gcc", "gcc libc6-dev", ["-O2"]),
        ["gcc -m32"] = ("gcc", "gcc-multilib", ["-O2", "-m32"]),
        ["clang with sanitizers"] = (
            "clang", "clang libclang-rt-14-dev", ["-O1", "-fsanitize=undefined,address", "-fno-sanitize-recover=all"]),
    };

    private static readonly Dictionary<string, Lazy<PackedModel>> Models = new()
    {
        ["logistic"] = new(() => Train(new LogisticModel(784, 10, seed: 1), steps: 200)),
    };

    private static IEnumerable<string> CompilerNames => Compilers.Keys;

    private static IEnumerable<string> ModelNames => Models.Keys;

    [Test]
    public void All_classes_are_those_of_the_library(
        [ValueSource(nameof(ModelNames))] string model,
        [Values] CInnerLoop loop,
        [ValueSource(nameof(CompilerNames))] string compiler)
    {
        (string program, string packages, string[] options) = Compilers[compiler];
        CCompiler.Require(program, packages, options);
        using var folder = new TemporaryFolder();
        PackedModel packed = Models[model].Value;
        CSource source = CSourceExporter.Write(packed, folder.Path, new CSourceOptions { InnerLoop = loop });
        Dataset test = MnistData.Tutorial.Test;
        int[] expected = new int[test.Count];
        packed.Predict(test, expected);
        folder.Write("images", IdxReader.Read(Path.Combine(MnistData.Folder, "t10k-images-idx3-ubyte.gz")).Values.ToArray());
        folder.Write("program.c", Encoding.UTF8.GetBytes(Program.Replace("VALUE", "uint8_t", StringComparison.Ordinal)));

        string[] files = ["-DDIGITS_NO_MAIN", "digits.c", "digits_test.c", "program.c", "-o", "program"];
        Command.Succeed(folder.Path, program, [.. CCompiler.Strict, .. options, .. files]);
        string output = Command.Succeed(folder.Path, folder.PathOf("program"));

        Assert.That(output, Is.EqualTo(string.Concat(expected.Select(label => $"{label}\n"))));
    }

    private static PackedModel Train(Sequential model, int steps)
    {
        var options = new TrainerOptions { MaxSteps = steps, Optimizer = new Adam(), Schedule = new ConstantRate(1e-2f) };
        new Trainer(options).Fit(model, MnistData.Tutorial.Train, MnistData.Tutorial.Validation);
        return ModelPacker.Pack(model);
    }
}
