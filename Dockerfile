# Pincite with the office formats, for x86-64. Weights are no part of the image: the first start
# pulls them into the volume /data (1.3 GB); `pincite models import` takes them from a mirror.
FROM python:3.12-slim-bookworm

RUN useradd --system --uid 10001 --home-dir /data pincite && install -d -o pincite /data
WORKDIR /srv/pincite

# The environment changes less often than the code.
COPY LICENSE README.md pyproject.toml ./
COPY requirements requirements
COPY scripts/setup_environment.py scripts/setup_environment.py
COPY samples samples
RUN python scripts/setup_environment.py office && pip cache purge

COPY pincite pincite
COPY ingestion ingestion
COPY retrievers retrievers
COPY agent agent
COPY ui ui
COPY serving serving
COPY evals evals

ENV PATH=/srv/pincite/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PINCITE_DATA_DIR=/data/library \
    PINCITE_MODELS__DIR=/data/models \
    PINCITE_SERVER__HOST=0.0.0.0

USER pincite
VOLUME /data
EXPOSE 8765
CMD ["sh", "-c", "pincite models pull && exec pincite serve"]
