ARG BASE=python:3.11-slim
FROM ${BASE} AS built
WORKDIR /build
RUN python -m venv /opt/backchannel
COPY requirements.lock ./
RUN /opt/backchannel/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN /opt/backchannel/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${BASE}
RUN useradd --uid 10001 --create-home backchannel \
    && mkdir -p /srv/backchannel/config /srv/backchannel/var \
    && chown backchannel: /srv/backchannel/var
COPY --from=built /opt/backchannel /opt/backchannel
ENV PATH=/opt/backchannel/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /srv/backchannel
USER backchannel
VOLUME /srv/backchannel/var
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["backchannel", "status", "--health"]
ENTRYPOINT ["backchannel"]
CMD ["run"]
