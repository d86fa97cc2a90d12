using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using BinaryConnect.Benchmarks;

// Two options belong to this program. --widths runs each benchmark in registers of 512, 256 and 128 bits, and in none.
// --interleaved with names of classes alternates their benchmarks.
List<string> arguments = [.. args];
if (arguments.Remove("--interleaved")) return InterleavedRun.Run(arguments) ? 0 : 2;

IConfig? config = arguments.Remove("--widths") ? RegisterWidths.Config(arguments) : null;
BenchmarkSwitcher.FromAssembly(typeof(RegisterWidths).Assembly).Run([.. arguments], config);
return 0;
