namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>Not parallel with anything: one test counts the endpoints alive in the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DtlsCollection : ICollectionFixture<DtlsContexts>
{
    public const string Name = "DTLS";
}
