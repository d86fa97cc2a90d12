using BinaryConnect.KernelChecks;

// Every kernel in every form against its scalar form, with its memory between forbidden pages. Compiled ahead of time,
// the program checks the kernels on a machine without a JIT. It also checks BINARYCONNECT_EXPECTED_ISA, as in
// "Vector512=False Avx2=True".
// With "scores", images and a path it writes the scores of a network of bits there. With "check" after them it also
// compares these scores with the definition.
Console.WriteLine(InstructionSets.Describe());
if (args is ["scores", string images, string path, ..])
{
    PackedBitsChecks.WriteScores(images, path, isChecked: args[^1] == "check");
    return 0;
}

var report = new Report();
if (Environment.GetEnvironmentVariable("BINARYCONNECT_EXPECTED_ISA") is { } expected)
    report.Count("instruction sets", InstructionSets.Differ(expected));

HorizontalSumsChecks.Run(report);
PrefetchChecks.Run(report);
FiniteCheckChecks.Run(report);
ByteToFloatChecks.Run(report);
ShortRowsChecks.Run(report);
TranspositionChecks.Run(report);
SignsChecks.Run(report);
LatentUpdateChecks.Run(report);
SoftmaxChecks.Run(report);
SoftmaxColumnsChecks.Run(report);
SoftmaxRowChecks.Run(report);
ExponentialChecks.Run(report);
PhiloxChecks.Run(report);
StochasticSignsChecks.Run(report);
FlushToZeroChecks.Run(report);
ReluGradientChecks.Run(report);
SignGradientChecks.Run(report);
DropoutMaskChecks.Run(report);
NarrowGemmChecks.Run(report);
NarrowGemmOfBytesChecks.Run(report);
NonzeroBlocksChecks.Run(report);
SparseTilesChecks.Run(report);
ByteSignPackingChecks.Run(report);
ByteSignGemmChecks.Run(report);
ByteTableGemmChecks.Run(report);
ByteRoundingChecks.Run(report);
BitGemmChecks.Run(report);
BitRegroupingChecks.Run(report);
SignThresholdsChecks.Run(report);
PackedBitsChecks.Run(report);
SparseByteSignsChecks.Run(report);
LargestSumsChecks.Run(report);
SignPackingChecks.Run(report);
SumTablesChecks.Run(report);
SignMicroKernelChecks.Run(report);
SignGemmChecks.Run(report);
GemmPackingChecks.Run(report);
GemmMicroKernelChecks.Run(report);
FloatGemmChecks.Run(report);
SignMasksChecks.Run(report);
ByteLanesArm64Checks.Run(report);
SignMicroKernel32RowsChecks.Run(report);
SignOrderChecks.Run(report);
UserLayersChecks.Run(report);

Console.WriteLine($"{report.Passed} passed, {report.Failed} failed");
return report.Failed == 0 ? 0 : 1;
