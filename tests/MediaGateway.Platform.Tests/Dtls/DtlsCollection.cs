namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>Collection that runs alone, since one of its tests counts the endpoints alive in the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DtlsCollection : ICollectionFixture<DtlsContexts>
{
    public const string Name = "DTLS";
}
