using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.OneBit;

/// <summary>A model after its training.</summary>
/// <param name="Arguments">The arguments of its training.</param>
/// <param name="Recipe">Its data, the model, and the options of its training.</param>
/// <param name="Report">The report of its training.</param>
internal sealed record TrainedModel(Arguments Arguments, Recipe Recipe, TrainingReport Report)
{
    /// <summary>Writes the files of the model.</summary>
    /// <param name="text">The stream of conclusions.</param>
    public void WriteFiles(TextWriter text)
    {
        Dictionary<string, string> facts =
            RunReport.FactsOf(Report, OptionParsing.NameOf(Arguments.Recipe), Arguments.Binarizer, Arguments.Seed);
        if (Recipe.Options.KeepBest && Report.BestEvaluation is EvaluationResult best) facts["best_step"] = $"{best.Step}";
        ModelOutputs outputs = Arguments.Outputs with { Calibration = Recipe.PacksActivations ? Recipe.Mnist.Train : null };
        outputs.Write(text, Recipe.Model, Recipe.Mnist.Test, Recipe.Options, facts);
    }
}
