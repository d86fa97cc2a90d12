namespace BinaryConnect.Data;

/// <summary>The choice of the validation rows among the 60,000 training examples.</summary>
public enum MnistSplit
{
    /// <summary>The tutorial's: the first 5,000 rows are validation, the other 55,000 are train.</summary>
    Tutorial,

    /// <summary>The paper's: the first 50,000 rows are train, the last 10,000 are validation.</summary>
    Paper,
}
