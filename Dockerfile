FROM python:3.11-slim-bookworm
ENV PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PATH=/opt/deltawire/bin:$PATH
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/deltawire \
 && pip install --quiet --require-hashes -r requirements.lock \
 && pip install --quiet --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY streams streams
RUN pip install --quiet --no-deps --no-build-isolation . && pip uninstall --quiet --yes hatchling \
 && useradd --create-home --uid 10001 deltawire \
 && install -d -o deltawire -g deltawire /data
ENV DELTAWIRE_DATA=/data
VOLUME /data
USER deltawire
WORKDIR /home/deltawire
ENTRYPOINT ["deltawire"]
CMD ["--help"]
