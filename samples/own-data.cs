#:project ../src/BinaryConnect.Core
#:package Sep

// Iris flowers, by a network of binary weights: dotnet run -c Release samples/own-data.cs
using System.Globalization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;
using BinaryConnect.Training.Metrics;
using nietras.SeparatedValues;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string folder = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
List<float> features = [];
List<int> labels = [];
List<string> species = [];

using (SepReader reader = Sep.Reader().FromFile(Path.Combine(folder, "data", "iris", "iris.csv")))
{
    foreach (SepReader.Row row in reader)
    {
        features.AddRange(row[0..4].Parse<float>());
        string name = row["species"].ToString();
        if (!species.Contains(name)) species.Add(name);
        labels.Add(species.IndexOf(name));
    }
}

Dataset flowers = Dataset.FromFloats(features.ToArray(), labels.ToArray(), featureCount: 4, species.Count)
    .WithClassNames(species);
(Dataset rawTrain, Dataset rawTest) = flowers.Split(0.7, seed: 1, stratified: true);
Standardization standardization = Standardization.Fit(rawTrain);
Dataset train = standardization.Apply(rawTrain), test = standardization.Apply(rawTest);
Console.WriteLine($"{flowers.Count} flowers: {train.Count} to train, {test.Count} to test");

var network = new Sequential(new FeatureShape(4), seed: 1,
[
    new BinaryDense(32), new BatchNorm(), new Relu(),
    new BinaryDense(3), new BatchNorm(),
]);
var trainer = new Trainer(new TrainerOptions
{
    BatchSize = 21,
    Optimizer = new Adam(),
    Schedule = new CosineDecay(initialRate: 0.01f, steps: 500),
    MaxSteps = 500,
    Seed = 1,
});
TrainingReport report = trainer.Fit(network, train, test);
EvaluationResult result = report.FinalEvaluation!;
ConfusionMatrix confusion = result.Confusion!;
Console.WriteLine($"Test accuracy {result.Accuracy:F3}, macro F1 {confusion.MacroF1:F3}");
for (int k = 0; k < species.Count; k++)
    Console.WriteLine($"  {species[k],-10} precision {confusion.Precision(k):F3}, recall {confusion.Recall(k):F3}");

// The first file has all that it takes to train on, the second one bit a weight.
string model = Path.Combine(Path.GetTempPath(), $"iris-{Environment.ProcessId}.safetensors");
ModelFacts facts = ModelFacts.Of(flowers, standardization) with { Notes = report.ToNotes() };
network.Save(model, facts);
Sequential loaded = ModelFile.Load(model, out facts);
PackedModel packed = ModelPacker.Pack(loaded, facts);
packed.Save(model);
packed = PackedModel.Load(model);
File.Delete(model);

float[] flower = [6.3f, 2.5f, 5.0f, 1.9f]; // as measured, in cm: the packed model standardizes it
string kind = packed.ClassNames![packed.Predict(flower)];
Console.WriteLine($"{packed.Bytes} bytes of weights; {string.Join(" x ", flower)} cm is {kind}");
