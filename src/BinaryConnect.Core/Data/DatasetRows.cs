namespace BinaryConnect.Data;

/// <summary>
/// Makes data sets of a data set's rows: shuffled, split, or chosen. All are copies in memory of their own. Bytes stay
/// bytes, and class names are kept. Random orders depend only on the number of rows, their labels and the seed.
/// </summary>
public static class DatasetRows
{
    /// <summary>Copies the rows in random order; every order is equally likely.</summary>
    /// <param name="data">The rows, [n, f].</param>
    /// <param name="seed">The seed; the same seed gives the same order.</param>
    /// <returns>The same rows, in another order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    public static Dataset Shuffle(this Dataset data, int seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Select(EpochOrder.OfRows(data.Count, seed));
    }

    /// <summary>
    /// Shuffles the rows and splits them in two. The first part has <c>share · n</c> rows, rounded, and half to even.
    /// </summary>
    /// <param name="data">The rows, [n, f].</param>
    /// <param name="share">The share of the first part, above 0 and below 1.</param>
    /// <param name="seed">The seed; the same seed gives the same parts.</param>
    /// <param name="stratified">Whether both parts have the same share of each class, to within one row.</param>
    /// <returns>The two parts; no row is in both.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="share"/> is out of range, or would leave a part without a row.
    /// </exception>
    public static (Dataset First, Dataset Second) Split(this Dataset data, double share, int seed, bool stratified = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(share is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(share), $"'share' is {share}; it must be above 0 and below 1.");
        int count = (int)Math.Round(share * data.Count);
        if (count < 1 || count >= data.Count)
            throw new ArgumentOutOfRangeException(
                nameof(share),
                $"'share' is {share}, which is {count:N0} of {data.Count:N0} rows; it must leave both parts a row.");
        return Parts(data, count, seed, stratified);
    }

    /// <summary>
    /// Shuffles the rows and splits them in two: <paramref name="count"/> rows, and the rest. <c>Split(count)</c>
    /// without a seed keeps the order of the rows.
    /// </summary>
    /// <param name="data">The rows, [n, f].</param>
    /// <param name="count">The number of rows of the first part, from 1 to n − 1.</param>
    /// <param name="seed">The seed; the same seed gives the same parts.</param>
    /// <param name="stratified">
    /// Whether both parts have the same share of each class: of n_k rows of class k the first part has
    /// <c>n_k · count / n</c>, rounded up or down.
    /// </param>
    /// <returns>The two parts; no row is in both.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A part would be empty.</exception>
    public static (Dataset First, Dataset Second) Split(this Dataset data, int count, int seed, bool stratified = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (count < 1 || count >= data.Count)
            throw new ArgumentOutOfRangeException(
                nameof(count),
                $"'count' is {count:N0}; it must leave both parts a row, so be from 1 to {data.Count - 1:N0}.");
        return Parts(data, count, seed, stratified);
    }

    /// <summary>Copies the rows that a condition holds for, in their order.</summary>
    /// <param name="data">The rows, [n, f].</param>
    /// <param name="condition">Takes the number of a row, from 0, and its label.</param>
    /// <returns>The chosen rows; the number of classes stays.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The condition holds for no row.</exception>
    public static Dataset Where(this Dataset data, Func<int, int, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(condition);
        var rows = new List<int>();
        for (int i = 0; i < data.Count; i++)
        {
            if (condition(i, data.Labels[i])) rows.Add(i);
        }

        if (rows.Count == 0)
            throw new ArgumentException(
                $"'condition' holds for none of {data.Count:N0} rows; a data set must have at least one row.", nameof(condition));
        return data.Select(rows.ToArray());
    }

    /// <summary>The number of rows of each class.</summary>
    /// <param name="data">The rows, [n, f].</param>
    /// <returns>Counts, [c].</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    public static int[] CountClasses(this Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] counts = new int[data.ClassCount];
        foreach (int label in data.Labels) counts[label]++;
        return counts;
    }

    /// <summary>
    /// Weights for a loss in which all classes count alike: <c>n / (c · n_k)</c>, n_k being the number of rows of class
    /// k. Their mean over the rows is 1.
    /// </summary>
    /// <param name="data">The rows that a model is trained on, [n, f].</param>
    /// <returns>Weights, [c].</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A class has no row.</exception>
    public static float[] BalancedClassWeights(this Dataset data)
    {
        int[] counts = data.CountClasses();
        int missing = Array.IndexOf(counts, 0);
        if (missing >= 0)
            throw new InvalidOperationException($"Class {missing:N0} has no row; for balanced weights each must have one.");
        return Array.ConvertAll(counts, count => (float)(data.Count / ((double)data.ClassCount * count)));
    }

    private static (Dataset First, Dataset Second) Parts(Dataset data, int count, int seed, bool stratified)
    {
        int[] order = EpochOrder.OfRows(data.Count, seed);
        if (!stratified) return (data.Select(order.AsSpan(0, count)), data.Select(order.AsSpan(count)));
        int[] left = Quotas(data.CountClasses(), count, data.Count), first = new int[count], second = new int[data.Count - count];
        int taken = 0, rest = 0;
        foreach (int row in order)
        {
            if (left[data.Labels[row]]-- > 0) first[taken++] = row;
            else second[rest++] = row;
        }

        return (data.Select(first), data.Select(second));
    }

    // Rounds each n_k · count / n down, and up again where the remainder is largest, until the sum is right.
    private static int[] Quotas(int[] rows, int count, int total)
    {
        int[] quotas = Array.ConvertAll(rows, n => (int)((long)n * count / total));
        IEnumerable<int> byRemainder = Enumerable.Range(0, rows.Length)
            .OrderByDescending(k => (long)rows[k] * count % total)
            .Take(count - quotas.Sum());
        foreach (int k in byRemainder) quotas[k]++;
        return quotas;
    }
}
