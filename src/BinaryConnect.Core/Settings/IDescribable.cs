namespace BinaryConnect.Settings;

/// <summary>
/// An object that gives its kind and its settings. Checkpoints hold both, so that a resumed run refuses an object of
/// another kind or with other settings. Implement it for your own binarizers, losses, optimizers, schedules and models.
/// </summary>
public interface IDescribable
{
    /// <summary>
    /// The kind of object, such as "adam"; from 1 to 300 characters. Files hold it, so keep it when you rename the
    /// class. Choose a text that this library will not use, such as "example.com/inverse_time".
    /// </summary>
    string Kind { get; }

    /// <summary>
    /// Writes every setting that changes results, always in the same order. State that changes during a run is not a
    /// setting.
    /// </summary>
    /// <param name="to">Takes the settings.</param>
    void Describe(SettingsWriter to);
}
