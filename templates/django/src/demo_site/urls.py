"""The pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from demo_site.models import Visit


def visit(_request: HttpRequest) -> HttpResponse:
    """Count a visit."""
    Visit.objects.create()
    return HttpResponse(f"Hello, visitor {Visit.objects.count()}!")


urlpatterns = [path("", visit)]
