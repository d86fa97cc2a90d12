namespace BinaryConnect.Fuzz.Models;

/// <summary>The promises that all files of models share.</summary>
internal static class ModelRules
{
    private const int LongestMessage = 4000;

    /// <summary>What is wrong with a refusal, or null.</summary>
    public static string? FaultOf(ModelMutant mutant, Exception refusal, string path)
    {
        string start = mutant.IsFile ? path : "The stream";
        if (refusal is not InvalidDataException || !refusal.Message.StartsWith($"{start}: ", StringComparison.Ordinal))
            return $"it was refused by an exception that is not documented: {refusal}";
        if (refusal.Message.Length > LongestMessage) return $"its message has {refusal.Message.Length} characters.";
        if (refusal.Message.Any(char.IsControl)) return $"its message has control characters: {refusal.Message}";
        return mutant.IsWhole ? $"it was refused, though nothing is wrong: {refusal.Message}" : null;
    }

    /// <summary>What is wrong with an acceptance whatever was read, or null.</summary>
    public static string? FaultOf(ModelMutant mutant) =>
        mutant.IsSealed || mutant.IsWhole ? null : "it was read, though it was damaged.";

    /// <summary>What is wrong with scores [n, c] and the classes that were predicted, or null.</summary>
    public static string? FaultOf(ReadOnlySpan<float> scores, ReadOnlySpan<int> predicted, int classes, bool mustBeFinite)
    {
        foreach (int one in predicted)
        {
            if ((uint)one >= (uint)classes) return $"class {one} was predicted; there are {classes}.";
        }

        foreach (float score in scores)
        {
            if (mustBeFinite && !float.IsFinite(score)) return $"a score is {score}, and no value of the file is large.";
        }

        for (int i = 0; i < predicted.Length; i++)
        {
            ReadOnlySpan<float> row = scores.Slice(i * classes, classes);
            foreach (float score in row)
            {
                if (score > row[predicted[i]])
                    return $"class {predicted[i]} of score {row[predicted[i]]} was predicted; another has {score}.";
            }
        }

        return null;
    }
}
