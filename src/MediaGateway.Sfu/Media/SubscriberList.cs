namespace MediaGateway.Sfu.Media;

/// <summary>
/// Subscriptions in the order of their peers. A value: whoever walks one sees those that were in it, whoever comes or goes
/// meanwhile. Those who come last, as nearly all do, share their list's array while there is room.
/// <para><b>Only the newest of the lists that came from one another is added to.</b></para>
/// </summary>
internal readonly struct SubscriberList
{
    public static readonly SubscriberList Empty = new([], 0);

    private const int InitialCapacity = 4;

    private readonly Subscription[] _subscriptions;

    private SubscriberList(Subscription[] subscriptions, int count)
    {
        _subscriptions = subscriptions;
        Count = count;
    }

    public int Count { get; }

    public Subscription this[int index] => _subscriptions[index];

    public ReadOnlySpan<Subscription>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    public SubscriberList Add(Subscription subscription)
    {
        int position = Count;
        while (position > 0 && _subscriptions[position - 1].Peer.Value > subscription.Peer.Value)
            position--;
        bool isShared = position == Count && Count < _subscriptions.Length;
        Subscription[] subscriptions = isShared ? _subscriptions : new Subscription[Math.Max(Count * 2, InitialCapacity)];
        if (!isShared)
        {
            AsSpan()[..position].CopyTo(subscriptions);
            AsSpan()[position..].CopyTo(subscriptions.AsSpan(position + 1));
        }
        subscriptions[position] = subscription;
        return new SubscriberList(subscriptions, Count + 1);
    }

    public SubscriberList Remove(Subscription subscription)
    {
        int position = AsSpan().IndexOf(subscription);
        if (position < 0)
            return this;
        var subscriptions = new Subscription[_subscriptions.Length];
        AsSpan()[..position].CopyTo(subscriptions);
        AsSpan()[(position + 1)..].CopyTo(subscriptions.AsSpan(position));
        return new SubscriberList(subscriptions, Count - 1);
    }

    /// <summary>The list without the subscriptions that are withheld.</summary>
    public SubscriberList WithoutWithheld()
    {
        var served = new Subscription[Count];
        int count = 0;
        foreach (Subscription subscription in this)
        {
            if (!subscription.IsWithheld)
                served[count++] = subscription;
        }
        return new SubscriberList(served, count);
    }

    private ReadOnlySpan<Subscription> AsSpan() => _subscriptions.AsSpan(0, Count);
}
