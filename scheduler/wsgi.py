import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.settings")
application = get_wsgi_application()
# All pages too: gunicorn loads this once and forks, and no first visitor waits for it.
import_module(settings.ROOT_URLCONF)
