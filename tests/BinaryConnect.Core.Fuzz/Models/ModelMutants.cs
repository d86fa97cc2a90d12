using BinaryConnect.Fuzz.Tensors;

namespace BinaryConnect.Fuzz.Models;

/// <summary>Damages files of models.</summary>
internal static class ModelMutants
{
    /// <summary>Makes a mutant of one of some files.</summary>
    public static ModelMutant Make(Random random, ModelOriginal[] originals)
    {
        ModelOriginal original = originals[random.Next(originals.Length)];
        byte[] content = original.Content;
        string change = "";
        if (random.Next(6) > 0)
        {
            var file = TensorFile.Parse(content);
            int kind = random.Next(8);
            for (int i = random.Next(3); i >= 0; i--) change += $"; {Change(random, file, kind)}";
            content = file.ToBytes();
        }

        if (random.Next(10) == 0)
        {
            content = HeaderChanges.Apply(random, content, out string header);
            change += $"; {header}";
        }

        if (random.Next(change.Length == 0 ? 10 : 20) > (change.Length == 0 ? 0 : 18))
        {
            byte[] other = originals[random.Next(originals.Length)].Content;
            content = ByteChanges.Apply(random, content, other, out string bytes);
            change += $"; {bytes}";
        }

        bool isSealed = random.Next(10) > 0 && TensorFile.TrySeal(content);
        return new ModelMutant
        {
            Content = content,
            Change = $"{original.Name}{change}{(isSealed ? "; sealed" : "")}",
            Whole = original.Content,
            IsSealed = isSealed,
            IsFile = random.Next(8) == 0,
        };
    }

    private static string Change(Random random, TensorFile file, int kind) => kind switch
    {
        < 3 => TensorChanges.ApplyToValues(random, file),
        < 6 => TensorChanges.ApplyToTexts(random, file),
        6 => TensorChanges.ApplyToHeader(random, file),
        _ => random.Next(2) == 0
            ? TensorChanges.ApplyToHeader(random, file)
            : TensorChanges.ApplyToValues(random, file),
    };
}
