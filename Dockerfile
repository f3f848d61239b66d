FROM python:3.11-slim-bookworm
ENV PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --quiet --require-hashes -r requirements.lock hatchling
COPY schemas schemas
COPY streams streams
