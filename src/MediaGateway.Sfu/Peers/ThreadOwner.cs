using System.Diagnostics;

namespace MediaGateway.Sfu.Peers;

/// <summary>
/// The thread that owns a worker and everything that lives on it. Debug builds assert that nobody else reaches a live object;
/// release builds check nothing. Without an owner, as in tests that drive a worker in virtual time, any thread may.
/// </summary>
internal sealed class ThreadOwner
{
    private int _thread;

    /// <summary>True when the calling thread may touch what the owner owns.</summary>
    public bool IsCurrent => _thread == 0 || _thread == Environment.CurrentManagedThreadId;

    /// <summary>The calling thread is the owner from now on.</summary>
    public void Bind() => _thread = Environment.CurrentManagedThreadId;

    /// <summary>Asserts that the calling thread is the owner.</summary>
    [Conditional("DEBUG")]
    public void Assert() => Debug.Assert(IsCurrent, "A live object of a worker was reached from another thread than the worker's.");
}
