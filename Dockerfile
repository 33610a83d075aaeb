# One image for every process: web (the default), worker, dispatcher and commands.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

RUN useradd --system --home-dir /app --shell /usr/sbin/nologin scheduler \
    && mkdir var uploads staticfiles \
    && chown scheduler: var uploads staticfiles
COPY . .

USER scheduler
# The settings want a key and a site of their own; neither stays in the image.
RUN SECRET_KEY=only-while-the-image-is-built SITE_URL=https://build.invalid \
    python manage.py collectstatic --no-input --verbosity 0

VOLUME ["/app/uploads", "/app/var"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s \
    CMD ["python", "-m", "scheduler.healthcheck"]
CMD ["python", "-m", "gunicorn", "-c", "scheduler/gunicorn_conf.py", "scheduler.wsgi"]
