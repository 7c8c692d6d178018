# The gateway as a container image:
#   docker build --tag mediagateway .
#   docker run --network host --env-file /etc/mediagateway/environment mediagateway
# deploy/compose.yaml says the same with limits.
ARG DOTNET_VERSION=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION}-noble AS build
WORKDIR /source
COPY . .
# The script that CI publishes with before it tests the result.
RUN bash tests/publish.sh

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION}-noble AS runtime

# The runtime on Debian 12, and not the Ubuntu image that it comes in, for the sake of libssl: CI tests with Debian 12's,
# and before 3.0.22 one forged DTLS record ended an established connection. Ubuntu 24.04 stays at 3.0.13.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates libgcc-s1 libssl3 libstdc++6 tzdata \
 && dpkg --compare-versions "$(dpkg-query --show --showformat '${Version}' libssl3)" ge 3.0.22 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 1654 --no-create-home --shell /usr/sbin/nologin mediagateway \
 && install --directory --owner 1654 --mode 0750 /var/log/mediagateway
COPY --from=runtime /usr/share/dotnet /usr/share/dotnet
COPY --from=build /source/artifacts/publish /app
ENV DOTNET_ROOT=/usr/share/dotnet \
    DOTNET_RUNNING_IN_CONTAINER=true \
    DOTNET_EnableDiagnostics=0 \
    PATH=/app:$PATH
WORKDIR /app
USER 1654
# Signaling (HTTP) and media (UDP); one more UDP port for each further worker.
EXPOSE 7880/tcp 7890/tcp 7882/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["/app/mediagateway", "health"]
ENTRYPOINT ["/app/mediagateway"]
