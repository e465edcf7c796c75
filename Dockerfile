# A hub, or an agent, in a container: docs/install.md says how it is run.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS built
WORKDIR /image/opt/logboom
COPY . .
# A tree with a build in it is taken as it is. The optional packages are a Node.js of their own.
RUN set -e; \
  if [ ! -d dist/src ]; then npm ci; npm run build; npm prune --omit=dev --omit=optional; fi; \
  for each in * .[!.]*; do \
    case $each in package.json | bin | dist | node_modules | LICENSE) ;; *) rm -rf "$each" ;; esac; \
  done; \
  mkdir -p /image/etc/logboom /image/usr/local/bin /image/var/lib/logboom; \
  ln -s /opt/logboom/bin/logboom.js /image/usr/local/bin/logboom; \
  printf 'docker:\n  engine: {}\n' > /image/etc/logboom/logboom.config.yaml; \
  chown 1000:1000 /image/var/lib/logboom

FROM ${NODE_IMAGE}
COPY --from=built /image /
ENV LOGBOOM_STATE=/var/lib/logboom
WORKDIR /etc/logboom
USER 1000:1000
VOLUME /var/lib/logboom
EXPOSE 7420
# At the address that it wrote down itself, whatever its port and certificate.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", \
  "fetch(JSON.parse(fs.readFileSync(process.env.LOGBOOM_STATE + '/hub.json')).url + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["logboom"]
CMD ["up", "--no-attach", "--host", "0.0.0.0", "--port", "7420"]
