# The image of apimulator and, as the target "client", of the sample client: one
# static binary, the public roots and a state folder, for a user without rights.
FROM golang:1.26.8 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /out/ ./cmd/gateway ./cmd/client
# A volume takes over owner and mode of the folder it is mounted on.
RUN mkdir -p -m 0700 /image/state

FROM scratch AS base
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /image/ /
USER 65532:65532

FROM base AS client
COPY --from=build /out/client /client
ENTRYPOINT ["/client"]

FROM base AS gateway
COPY --from=build /out/gateway /gateway
ENV APIMULATOR_STATE=/state
HEALTHCHECK --interval=10s --timeout=5s CMD ["/gateway", "health"]
ENTRYPOINT ["/gateway"]
