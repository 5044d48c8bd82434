# Linha Viva with its packages, built, and without what only building needs. docker-compose.yml says how it is run.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY nodes/console/package.json nodes/console/
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
# The image has a Node of its own; tests need the development packages, and stay behind with them.
RUN node build.mjs \
 && npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* dist/lint \
 && find dist nodes/console/dist -name '*.test.*' -delete

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/data FLOWS_DIR=/data/flows
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/flows flows
COPY --from=build /app/examples examples
COPY --from=build /app/docs docs
COPY --from=build /app/nodes/console/package.json nodes/console/package.json
COPY --from=build /app/nodes/console/dist nodes/console/dist
COPY --from=build /app/nodes/console/resources nodes/console/resources
COPY --from=build /app/nodes/console/examples nodes/console/examples
COPY package.json start.mjs LICENSE NOTICE README.md CHANGELOG.md ./
# A new volume takes over whose its folder is.
RUN mkdir -p /data/broker /backups && chown -R node:node /data /backups && chmod 750 /data/broker
USER node
VOLUME /data
EXPOSE 1880
# 503, with the reason in the answer, while something that it needs is down.
HEALTHCHECK --interval=15s --timeout=8s --retries=4 --start-period=90s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 1880}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/platform/runtime/main.js"]
