using System.Globalization;
using BinaryConnect.Fuzz;
using BinaryConnect.Fuzz.Checkpoint;
using BinaryConnect.Fuzz.Idx;
using BinaryConnect.Fuzz.Models;

// Damages files in known and in random ways, and compares the result for each mutant with the documentation.
const string Usage =
    "usage: BinaryConnect.Core.Fuzz TARGET [--mutants N] [--seed N] [--first N]; targets: idx, checkpoint, model, packed";
long mutants = 100_000, first = 0;
int seed = 1;
for (int i = 1; i + 1 < args.Length; i += 2)
{
    long value = long.Parse(args[i + 1], CultureInfo.InvariantCulture);
    switch (args[i])
    {
        case "--mutants": mutants = value; break;
        case "--seed": seed = checked((int)value); break;
        case "--first": first = value; break;
        default: return Fail($"'{args[i]}' is unknown");
    }
}

if (args.Length % 2 == 0) return Fail("an option has no value, or the target is missing");

FuzzReport report;
switch (args[0])
{
    case "idx":
        using (var target = new IdxTarget()) report = FuzzRun.Of(target, seed, first, mutants);
        break;
    case "checkpoint":
        using (var target = new CheckpointTarget()) report = FuzzRun.Of(target, seed, first, mutants);
        break;
    case "model":
        using (var target = new ModelTarget()) report = FuzzRun.Of(target, seed, first, mutants);
        break;
    case "packed":
        using (var target = new PackedTarget()) report = FuzzRun.Of(target, seed, first, mutants);
        break;
    default:
        return Fail($"'{args[0]}' is no target");
}

Console.WriteLine($"{args[0]}, seed {seed}: {report}");
if (report.FirstFailure is not null) Console.WriteLine(report.FirstFailure);
return report.Failures == 0 ? 0 : 1;

static int Fail(string reason)
{
    Console.Error.WriteLine($"{reason}; {Usage}");
    return 2;
}
