namespace BinaryConnect.Fuzz;

/// <summary>A reader of files, and how to damage a file for it.</summary>
/// <typeparam name="TMutant">A damaged file, and the facts that are known about it.</typeparam>
/// <typeparam name="TResult">The result of the reader.</typeparam>
internal interface IFuzzTarget<TMutant, TResult>
    where TMutant : Mutant
{
    /// <summary>Makes a mutant from <paramref name="random"/> alone: seed and number make it again.</summary>
    TMutant Make(Random random);

    /// <summary>Has the library read the mutant. This part alone is measured; its exceptions pass.</summary>
    TResult Read(TMutant mutant);

    /// <summary>Judges a mutant that was accepted: what is wrong with the result, or null.</summary>
    string? FaultOf(TMutant mutant, TResult result);

    /// <summary>Judges a mutant that was refused: what is wrong with the exception, or null.</summary>
    string? FaultOf(TMutant mutant, Exception refusal);

    /// <summary>The bytes that the mutant really unpacks to. Asked only for a mutant that took much memory.</summary>
    long UnpackedLength(TMutant mutant);
}
