"""Store three rows with Django's ORM, query them back, and render them with a template."""

import asyncio

import aioextensions
import django
from django.conf import settings
from django.db import connection, models
from django.template import Context, Engine

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()


class Wheel(models.Model):
    name = models.CharField(max_length=40)
    size = models.IntegerField()

    class Meta:
        app_label = "example"


async def double(number: int) -> int:
    return 2 * number


async def doubled(numbers: list[int]) -> tuple[int, ...]:
    return await aioextensions.collect([double(number) for number in numbers])


with connection.schema_editor() as editor:
    editor.create_model(Wheel)
for name, size in [("asgiref", 23), ("django", 8300), ("sqlparse", 44)]:
    Wheel.objects.create(name=name, size=size)

total = Wheel.objects.aggregate(total=models.Sum("size"))["total"]
assert total == 8367, total
twice = asyncio.run(doubled([wheel.size for wheel in Wheel.objects.order_by("name")]))
assert twice == (46, 16600, 88), twice

template = Engine().from_string(
    "{% for wheel in wheels %}{{ wheel.name|upper }} {{ wheel.size }}\n{% endfor %}"
)
print(f"Django {django.get_version()}: {total} kB in {Wheel.objects.count()} wheels")
print(template.render(Context({"wheels": Wheel.objects.order_by("-size")})), end="")
