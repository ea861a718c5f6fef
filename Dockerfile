FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PANELIK_DATABASE_URL=sqlite:////data/panelik.sqlite

# Extras of the package, like [sentry,otel].
ARG EXTRAS=""
WORKDIR /src
COPY . .
RUN pip install -c constraints.txt ".$EXTRAS" \
    && useradd --system --uid 1000 --no-create-home panelik \
    && install -d -o panelik -g panelik /data \
    && rm -rf /src/*

USER panelik
WORKDIR /data
VOLUME /data
ENTRYPOINT ["panelik"]
CMD ["run"]
