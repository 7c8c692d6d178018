namespace MediaGateway.LoadTester.Scenarios;

/// <summary>Whoever waits is told how far a run has come.</summary>
internal interface IProgressReport
{
    public void Begin(string phase, int total);

    public void Report(int done);

    public void End();
}
