using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using BinaryConnect.Benchmarks;

// Two options are this program's own. --widths: each benchmark in registers of 512, 256 and 128 bits, and in none; --interleaved and
// names of classes: their benchmarks taking turns.
List<string> arguments = [.. args];
if (arguments.Remove("--interleaved")) return InterleavedRun.Run(arguments) ? 0 : 2;

IConfig? config = arguments.Remove("--widths") ? RegisterWidths.Config(arguments) : null;
BenchmarkSwitcher.FromAssembly(typeof(RegisterWidths).Assembly).Run([.. arguments], config);
return 0;
