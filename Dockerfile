# syntax=docker/dockerfile:1
# Evefan with external PostgreSQL and, as a rule, an external broker: the embedded PostgreSQL stays out of the image.

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml application.properties ./
COPY src/main src/main
COPY routes routes
COPY extensions/README.md extensions/pom.xml extensions/
COPY destinations/README.md destinations/
COPY docs docs
COPY README.md LICENSE SECURITY.md CHANGELOG.md CONTRIBUTING.md RATIONALE.md ./
RUN --mount=type=cache,target=/m2 \
    mvn -q -B -Dmaven.repo.local=/m2 package -Pdist -DskipTests -Dspotless.goal=check \
    && mv target/evefan-*/evefan-* /evefan \
    && rm /evefan/lib/embedded-postgres-*.jar

# The browser SDK for pages with Segment's snippet.
FROM node:22.12-alpine AS sdk
COPY src/main/distribution/bin/fetch-sdk /fetch-sdk
RUN sh /fetch-sdk 1.84.3 /sdk

FROM eclipse-temurin:17-jre
LABEL org.opencontainers.image.title="Evefan" \
      org.opencontainers.image.description="A self-hosted event gateway" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 evefan \
    && useradd --uid 10001 --gid evefan --no-create-home --shell /usr/sbin/nologin evefan \
    && install -d -o evefan -g evefan /data
COPY --from=build --chown=root:root /evefan /opt/evefan
COPY --from=sdk --chown=root:root /sdk /opt/evefan/sdk
WORKDIR /opt/evefan
# Starts in half the time: the classes of a start, kept for this JVM. It writes to lib/ and so has to be root still.
RUN bin/evefan prepare
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
# Listening for others takes write keys and an admin token of your own; without them the start fails and says so.
ENV EVEFAN_HTTP_HOST=0.0.0.0 \
    EVEFAN_DATA_DIRECTORY=/data \
    EVEFAN_LOG_FORMAT=json \
    EVEFAN_SOURCE_DEV_ENABLED=false
VOLUME /data
EXPOSE 8080 9876
# The root file system may be read-only; everything is written below /data.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["bin/health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["bin/evefan"]
