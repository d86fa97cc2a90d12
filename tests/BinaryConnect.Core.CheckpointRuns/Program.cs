using System.Globalization;
using BinaryConnect.Binarization;
using BinaryConnect.CheckpointRuns;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;
using BinaryConnect.UserLayers;

// A training run that may be killed at any time: it continues from its checkpoint, if there is one. Arguments are the
// file of the checkpoint, how many steps there are, how many are between checkpoints, and perhaps "user" for a network
// with layers of a user's, or "bits" for sign activations. It says "trains" when training begins. Its last line is a
// hash of every bit of the result.
string path = args[0];
int steps = int.Parse(args[1], CultureInfo.InvariantCulture), every = int.Parse(args[2], CultureInfo.InvariantCulture);
const int Features = 12, Classes = 4;
Dataset train = Data(rows: 130, seed: 1), evaluation = Data(rows: 40, seed: 2);
bool isOfBits = args is [_, _, _, "bits"];
Sequential model = args is [_, _, _, "user"]
    ? UserNetwork.New(Features, Classes)
    : new MultilayerPerceptron(new MultilayerPerceptronOptions
    {
        Features = Features,
        HiddenUnits = [24, 16],
        Classes = Classes,
        Activation = isOfBits ? Activation.Sign : Activation.Relu,
        InputDropout = isOfBits ? 0.2f : 0,
        HiddenDropout = isOfBits ? 0 : 0.2f,
        Seed = 3,
    });
var trainer = new Trainer(new TrainerOptions
{
    BatchSize = 8,
    Seed = 4,
    MaxSteps = steps,
    Binarizer = new StochasticBinarizer(5),
    Loss = new SquaredHingeLoss(),
    Optimizer = new Adam(),
    Schedule = new PlateauDecay(0.01f, 0.95f, maxDecays: 1_000_000, patience: 2),
    RateScaling = RateScaling.InverseGlorot,
    EvaluateEverySteps = 7,
    RecomputeStatistics = true,
    KeepBest = true,
    CheckpointPath = path,
    CheckpointEverySteps = every,
    MaxDegreeOfParallelism = 1,
});

bool hasBegun = false;
var progress = new StepCallback(() =>
{
    if (!hasBegun) Console.WriteLine("trains");
    hasBegun = true;
});
TrainingReport report = File.Exists(path)
    ? trainer.Resume(model, train, evaluation, progress)
    : trainer.Fit(model, train, evaluation, progress);
Console.WriteLine(ResultHash.Of(model, report));

static Dataset Data(int rows, int seed)
{
    var random = new Random(seed);
    byte[] features = new byte[rows * Features];
    random.NextBytes(features);
    int[] labels = [.. Enumerable.Range(0, rows).Select(row => features[row * Features] * Classes / 256)];
    return Dataset.FromBytes(features, labels, Features, Classes);
}
