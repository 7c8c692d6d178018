using System.Globalization;
using MediaGateway.Testing.Bandwidth;

// Arguments: how many seeds, and the number of the case to run, such as 5.6; all of them when none is stated.
int seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
Console.WriteLine(BandwidthTable.Header);
foreach (BandwidthCase measured in BandwidthTable.Cases)
{
    if (args.Length < 2 || measured.Number.Split(", ").Contains(args[1]))
        Console.WriteLine(BandwidthTable.Row(measured, seeds));
}
