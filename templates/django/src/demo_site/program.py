"""The program: `demo-site` serves, `demo-site COMMAND` is Django's `manage.py COMMAND`."""

import os
import sys

import django
import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, execute_from_command_line


def main() -> None:
    """Serve, or run a command of Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_site.settings")
    if sys.argv[1:]:
        execute_from_command_line(sys.argv)
    else:
        serve()


def serve() -> None:
    """Bring the database up to date, and answer."""
    django.setup()
    try:
        _ = settings.SECRET_KEY
    except ImproperlyConfigured:
        sys.exit("demo-site: set SECRET_KEY or SECRET_KEY_FILE, or DEBUG=1 to try it")
    call_command("migrate", verbosity=0)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    uvicorn.run(get_asgi_application(), host=host, port=port, lifespan="off")
