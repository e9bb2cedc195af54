"""What the database has."""

from django.db import models


class Visit(models.Model):
    """A visit of the page."""

    time = models.DateTimeField(auto_now_add=True)
