using System.Collections.ObjectModel;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Interceptors of every call, the outermost first: made by the container, one instance each.</summary>
public class InterceptorCollection : Collection<Type>
{
    public void Add<TInterceptor>()
        where TInterceptor : Interceptor => Add(typeof(TInterceptor));

    internal Interceptor[] Create(IServiceProvider services) =>
        [.. this.Select(type => (Interceptor)(services.GetService(type) ?? ActivatorUtilities.CreateInstance(services, type)))];
}
