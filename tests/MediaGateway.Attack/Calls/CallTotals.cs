using MediaGateway.LoadTester.Measuring;

namespace MediaGateway.Attack.Calls;

/// <summary>Totals of all receivers of the call up to now.</summary>
/// <param name="Receptions">Packets by what became of them.</param>
/// <param name="Foreign">Packets that nobody of the call sent.</param>
/// <param name="Ended">Clients whose connection was ended.</param>
internal readonly record struct CallTotals(ReceptionTotals Receptions, long Foreign, int Ended)
{
    public static CallTotals operator -(CallTotals a, CallTotals b) =>
        new(a.Receptions - b.Receptions, a.Foreign - b.Foreign, a.Ended - b.Ended);
}
